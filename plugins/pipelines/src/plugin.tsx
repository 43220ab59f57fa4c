import type { Entity } from '@backstage/catalog-model';
import {
  ApiBlueprint,
  coreExtensionData,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
  PluginHeaderActionBlueprint,
  PluginWrapperBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import {
  SearchFilterBlueprint,
  SearchFilterResultTypeBlueprint,
  SearchResultListItemBlueprint,
} from '@backstage/plugin-search-react/alpha';
import {
  isPipelineOwner,
  isPipelinesAvailable,
  PIPELINE_DOCUMENT_TYPE,
  PipelinesClient,
  RUN_DOCUMENT_TYPE,
} from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesApiRef } from '@millrace/backstage-plugin-pipelines-react';
import {
  RiDashboardLine,
  RiErrorWarningLine,
  RiFlowChart,
  RiListCheck2,
  RiPlayCircleLine,
  RiStackLine,
  RiTimelineView,
} from '@remixicon/react';
import {
  definitionsRouteRef,
  entityRunsRouteRef,
  failureRouteRef,
  failuresRouteRef,
  overviewRouteRef,
  pipelineRouteRef,
  queueRouteRef,
  rootRouteRef,
  runRouteRef,
  runsRouteRef,
  timelineRouteRef,
} from './routes';
import { homeMessages } from './home/messages';
import { PipelinesSearchFilters } from './search/PipelinesSearchFilters';
import { searchMessages } from './search/messages';
import { PageWithQuery } from './shell/PageWithQuery';

const pipelinesApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: pipelinesApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new PipelinesClient({ fetchApi }),
    }),
});

const pipelinesPage = PageBlueprint.makeWithOverrides({
  *factory(originalFactory, { inputs }) {
    const page = originalFactory({
      path: '/pipelines',
      title: 'Pipelines',
      icon: <RiFlowChart />,
      routeRef: rootRouteRef,
    });
    for (const output of page) {
      if (output.id !== coreExtensionData.reactElement.id) {
        yield output;
      }
    }
    const firstTab = inputs.pages[0]?.get(coreExtensionData.routePath);
    yield coreExtensionData.reactElement(
      <PageWithQuery firstTab={firstTab}>
        {page.get(coreExtensionData.reactElement)}
      </PageWithQuery>,
    );
  },
});

const overviewSubPage = SubPageBlueprint.make({
  name: 'overview',
  params: {
    path: 'overview',
    title: 'Overview',
    icon: <RiDashboardLine />,
    loader: () => import('./overview').then(m => <m.OverviewPage />),
  },
});

const runsSubPage = SubPageBlueprint.make({
  name: 'runs',
  params: {
    path: 'runs',
    title: 'Runs',
    icon: <RiListCheck2 />,
    loader: () => import('./runs').then(m => <m.RunsRouter />),
  },
});

const definitionsSubPage = SubPageBlueprint.make({
  name: 'definitions',
  params: {
    path: 'definitions',
    title: 'Pipelines',
    icon: <RiFlowChart />,
    loader: () => import('./definitions').then(m => <m.DefinitionsRouter />),
  },
});

const timelineSubPage = SubPageBlueprint.make({
  name: 'timeline',
  params: {
    path: 'timeline',
    title: 'Timeline',
    icon: <RiTimelineView />,
    loader: () => import('./timeline').then(m => <m.TimelinePage />),
  },
});

const failuresSubPage = SubPageBlueprint.make({
  name: 'failures',
  params: {
    path: 'failures',
    title: 'Failures',
    icon: <RiErrorWarningLine />,
    loader: () => import('./failures').then(m => <m.FailuresRouter />),
  },
});

const queueSubPage = SubPageBlueprint.make({
  name: 'queue',
  params: {
    path: 'queue',
    title: 'Queue',
    icon: <RiStackLine />,
    loader: () => import('./queue').then(m => <m.QueueRouter />),
  },
});

const liveHeaderAction = PluginHeaderActionBlueprint.make({
  name: 'live',
  params: {
    loader: () => import('./shell').then(m => <m.LiveHeaderAction />),
  },
});

const runHeaderAction = PluginHeaderActionBlueprint.make({
  name: 'run',
  params: {
    loader: () => import('./shell').then(m => <m.RunHeaderAction />),
  },
});

const wrapper = PluginWrapperBlueprint.make({
  params: defineParams =>
    defineParams({
      loader: () =>
        import('./shell').then(m => ({ component: m.PipelinesQueryProvider })),
    }),
});

/** Pages of groups and people have the runs of what they own. */
const hasRuns = (entity: Entity) =>
  isPipelinesAvailable(entity) || isPipelineOwner(entity);

const entityRunsContent = EntityContentBlueprint.make({
  name: 'runs',
  params: {
    path: '/runs',
    title: 'Runs',
    group: 'operation',
    icon: <RiPlayCircleLine />,
    routeRef: entityRunsRouteRef,
    filter: hasRuns,
    loader: () => import('./entity').then(m => <m.EntityRunsContent />),
  },
});

const entityRunsCard = EntityCardBlueprint.make({
  name: 'runs',
  params: {
    type: 'content',
    filter: hasRuns,
    loader: () => import('./entity').then(m => <m.PipelineRunsCard />),
  },
});

const myPipelinesWidget = HomePageWidgetBlueprint.make({
  name: 'my-pipelines',
  params: {
    name: 'MyPipelines',
    title: homeMessages.title,
    components: () =>
      import('./home').then(m => ({ Content: () => <m.MyPipelines /> })),
  },
});

const searchResultItem = SearchResultListItemBlueprint.make({
  params: {
    predicate: ({ type }) =>
      type === RUN_DOCUMENT_TYPE || type === PIPELINE_DOCUMENT_TYPE,
    component: () => import('./search').then(m => m.PipelinesResultItem),
  },
});

const runsSearchType = SearchFilterResultTypeBlueprint.make({
  name: RUN_DOCUMENT_TYPE,
  params: {
    value: RUN_DOCUMENT_TYPE,
    name: searchMessages.runType,
    icon: <RiErrorWarningLine />,
  },
});

const pipelinesSearchType = SearchFilterResultTypeBlueprint.make({
  name: PIPELINE_DOCUMENT_TYPE,
  params: {
    value: PIPELINE_DOCUMENT_TYPE,
    name: searchMessages.pipelineType,
    icon: <RiFlowChart />,
  },
});

const searchFilters = SearchFilterBlueprint.make({
  params: { component: PipelinesSearchFilters },
});

/** The Pipelines page with its tabs, and the tab Runs of entity pages. @public */
export const pipelinesPlugin = createFrontendPlugin({
  pluginId: 'pipelines',
  title: 'Pipelines',
  icon: <RiFlowChart />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    overview: overviewRouteRef,
    runs: runsRouteRef,
    run: runRouteRef,
    definitions: definitionsRouteRef,
    pipeline: pipelineRouteRef,
    timeline: timelineRouteRef,
    failures: failuresRouteRef,
    failure: failureRouteRef,
    queue: queueRouteRef,
    entityRuns: entityRunsRouteRef,
  },
  extensions: [
    pipelinesApi,
    wrapper,
    pipelinesPage,
    overviewSubPage,
    runsSubPage,
    definitionsSubPage,
    timelineSubPage,
    failuresSubPage,
    queueSubPage,
    liveHeaderAction,
    runHeaderAction,
    entityRunsContent,
    entityRunsCard,
    myPipelinesWidget,
    searchResultItem,
    runsSearchType,
    pipelinesSearchType,
    searchFilters,
  ],
});
