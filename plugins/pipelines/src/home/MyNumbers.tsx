import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  LEASED_RUN_STATES,
  runReadPermission,
  UNSUCCESSFUL_RUN_STATES,
  type Run,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  KpiTile,
  PanelState,
  useRuns,
  useStats,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../runs/runsUrl';
import { pipelinesTranslationRef } from '../translation';
import { useRunLinks } from '../ui/RunLinks';
import type { MyScope } from './MyPipelines';
import styles from './MyPipelines.module.css';

const MINUTE_MS = 60_000;

/** A run that waits for longer than this after its start time is late. */
const LATE_AFTER_MINUTES = 15;

/** Waiting runs that are looked at; with more of them the number has a plus. */
const MAX_WAITING = 100;

/** How many runs are being executed, failed in the period, and are late. */
export function MyNumbers({ scope, nowMs }: { scope: MyScope; nowMs: number }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const stats = useStats({ owner: scope.owner, from: scope.from });
  const late = useLateRuns(scope.owner, nowMs);
  const searchOf = (
    state: readonly RunState[],
    span: { from?: string; to?: string } = {},
  ) =>
    links.runs(runsSearch({ state: [...state], owner: scope.owner, ...span }));
  return (
    <section aria-label={t('home.numbers')}>
      <PanelState
        query={stats}
        skeleton="tiles"
        skeletonCount={3}
        permission={runReadPermission.name}
      >
        {({ byState }) => {
          const count = (states: readonly RunState[]) =>
            formatNumber(
              states.reduce((sum, state) => sum + (byState[state] ?? 0), 0),
            );
          const running = count(LEASED_RUN_STATES);
          const failed = count(UNSUCCESSFUL_RUN_STATES);
          return (
            <div className={styles.numbers}>
              <KpiTile
                label={t('home.running')}
                value={running}
                href={searchOf(LEASED_RUN_STATES)}
                actionLabel={t('home.runningAction', { number: running })}
              />
              <KpiTile
                label={t('home.failed')}
                value={failed}
                detail={t(`home.${scope.period}` as const)}
                href={searchOf(UNSUCCESSFUL_RUN_STATES, { from: scope.from })}
                actionLabel={t('home.failedAction', { number: failed })}
              />
              <KpiTile
                label={t('home.late')}
                value={late}
                detail={t('home.lateHint', {
                  minutes: String(LATE_AFTER_MINUTES),
                })}
                href={searchOf(['queued'], { to: lateSince(nowMs) })}
                actionLabel={t('home.lateAction', { number: late ?? '' })}
              />
            </div>
          );
        }}
      </PanelState>
    </section>
  );
}

/** The number as it is printed; undefined while it is not known. */
function useLateRuns(owner: string[], nowMs: number): string | undefined {
  const since = lateSince(nowMs);
  const runs = useRuns({
    state: ['queued'],
    owner,
    to: since,
    limit: MAX_WAITING,
  });
  const page = runs.data?.pages[0];
  const count =
    page?.items.filter(run => isLate(run, Date.parse(since))).length ?? 0;
  return page && `${formatNumber(count)}${page.nextCursor ? '+' : ''}`;
}

/** What was to start before this time and waits is late; a full minute, ISO 8601. */
function lateSince(nowMs: number): string {
  const minute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  return new Date(minute - LATE_AFTER_MINUTES * MINUTE_MS).toISOString();
}

/** A run that somebody holds waits because they want it to. */
function isLate(run: Run, since: number): boolean {
  return !run.pauseRequest && Date.parse(run.runAt) <= since;
}
