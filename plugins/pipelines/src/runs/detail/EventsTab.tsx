import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelState,
  RunEventsTimeline,
  useRunEvents,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';

/** What happened to the run, newest first: by whom, and why. */
export function EventsTab({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const events = useRunEvents(run.id);
  const all = events.data?.pages.flatMap(page => page.items);
  return (
    <Panel title={t('events.listLabel')}>
      <PanelState query={{ ...events, data: all }} skeleton="rows">
        {items => (
          <RunEventsTimeline
            events={items}
            runHref={links.run}
            actorOf={actor => <ActorName actor={actor} />}
            hasMore={events.hasNextPage}
            isLoadingMore={events.isFetchingNextPage}
            onMore={() => events.fetchNextPage()}
          />
        )}
      </PanelState>
    </Panel>
  );
}
