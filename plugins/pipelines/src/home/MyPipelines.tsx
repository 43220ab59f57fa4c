import {
  useApiHolder,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  entityPresentationApiRef,
  entityPresentationSnapshot,
} from '@backstage/plugin-catalog-react';
import { Box, Select } from '@backstage/ui';
import { LEASED_RUN_STATES } from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  useNow,
  usePipelines,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { MyFailures } from './MyFailures';
import { MyNumbers } from './MyNumbers';
import styles from './MyPipelines.module.css';
import { MyRunning } from './MyRunning';
import {
  HOME_PERIODS,
  startOf,
  useHomeChoice,
  type HomeChoice,
  type HomePeriod,
} from './useHomeChoice';
import { useMyOwners } from './useMyOwners';

const MINUTE_MS = 60_000;
const ALL_MINE = 'all';

/** Which runs the widget is about. */
export interface MyScope {
  owner: string[];
  period: HomePeriod;
  /** When the period began, ISO 8601. */
  from: string;
}

/** The widget of the home page: what the pipelines of a person and of their groups do. */
export function MyPipelines() {
  const owners = useMyOwners();
  return (
    <PanelState query={owners} skeletonHeight={240}>
      {refs => <OfOwners refs={refs} />}
    </PanelState>
  );
}

function OfOwners({ refs }: { refs: string[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [choice, change] = useHomeChoice();
  // Somebody may have left the group since they chose it.
  const chosen = refs.find(ref => ref === choice.owner);
  const owner = chosen ? [chosen] : refs;
  const pipelines = usePipelines({ owner, limit: 1 });
  return (
    <div className={styles.widget}>
      <Choices
        refs={refs}
        owner={chosen}
        period={choice.period}
        onChange={change}
      />
      <PanelState
        query={{ ...pipelines, data: pipelines.data?.pages[0] }}
        skeletonHeight={240}
        empty={({ items }) =>
          items.length === 0 ? (
            <PanelNotice kind="empty" title={t('home.none')} />
          ) : undefined
        }
      >
        {() => <OfPipelines owner={owner} period={choice.period} />}
      </PanelState>
    </div>
  );
}

function OfPipelines(props: Omit<MyScope, 'from'>) {
  const nowMs = useNow(MINUTE_MS);
  const scope = { ...props, from: startOf(props.period, nowMs) };
  return (
    <div className={styles.widget}>
      <MyNumbers scope={scope} nowMs={nowMs} />
      <Running scope={scope} />
      <MyFailures scope={scope} />
    </div>
  );
}

/** Most runs that are listed of those that are being executed. */
const MAX_RUNNING = 5;

function Running({ scope }: { scope: MyScope }) {
  const runs = useRuns({
    state: LEASED_RUN_STATES,
    owner: scope.owner,
    limit: MAX_RUNNING,
  });
  const items = runs.data?.pages[0].items ?? [];
  return items.length > 0 ? <MyRunning runs={items} /> : null;
}

function Choices(props: {
  refs: string[];
  owner: string | undefined;
  period: HomePeriod;
  onChange(change: Partial<HomeChoice>): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { refs, owner, period, onChange } = props;
  const names = useApiHolder().get(entityPresentationApiRef);
  return (
    <Box bg="neutral" className={styles.choices}>
      <Select
        size="small"
        label={t('home.owner')}
        options={[
          { value: ALL_MINE, label: t('home.allMine') },
          ...refs.map(ref => ({
            value: ref,
            label: entityPresentationSnapshot(ref, undefined, names)
              .primaryTitle,
          })),
        ]}
        selectedKey={owner ?? ALL_MINE}
        onSelectionChange={key =>
          onChange({ owner: key === ALL_MINE ? undefined : String(key) })
        }
      />
      <Select
        size="small"
        label={t('home.period')}
        options={HOME_PERIODS.map(value => ({
          value,
          label: t(`home.${value}` as const),
        }))}
        selectedKey={period}
        onSelectionChange={key => onChange({ period: key as HomePeriod })}
      />
    </Box>
  );
}
