import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type {
  RunState,
  Timeline,
  TimelineRun,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  TimeText,
  timelineCountsOf,
  type TimelineView,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import { usePageLinks } from '../../ui/usePageLinks';
import { searchOfRuns } from '../runsInView';

/** What the timeline shows, in numbers. */
export function TimelineTable(props: {
  timeline: Timeline;
  view: TimelineView;
  states: RunState[];
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { timeline, view, states } = props;
  const links = useRunLinks();
  const pages = usePageLinks();
  return (
    <StackedTable
      label={t('timeline.table.label')}
      heads={[
        t('timeline.table.pipeline'),
        t('timeline.table.running'),
        t('timeline.table.succeeded'),
        t('timeline.table.failed'),
        t('timeline.table.next'),
        t('timeline.table.runs'),
      ]}
      rows={timeline.pipelines.map(({ id, title, runs, planned }) => {
        const counts = timelineCountsOf(runs, view);
        const next = planned.find(at => at < view.toMs);
        return {
          key: id,
          cells: [
            <Link key="title" href={pages.pipeline(id)}>
              {title}
            </Link>,
            formatNumber(counts.running),
            formatNumber(counts.succeeded),
            formatNumber(counts.failed),
            next !== undefined && (
              <TimeText key="next" at={new Date(next).toISOString()} />
            ),
            counts.total > 0 && (
              <Link
                key="runs"
                href={links.runs(
                  searchOfRuns({
                    pipelineId: id,
                    fromMs: firstStartOf(runs, view),
                    toMs: view.toMs,
                    states,
                  }),
                )}
              >
                {t('timeline.table.show', {
                  number: formatNumber(counts.total),
                })}
              </Link>
            ),
          ],
        };
      })}
    />
  );
}

/** When the first run began that reaches into the view, or else when the view begins. */
function firstStartOf(runs: TimelineRun[], view: TimelineView): number {
  return runs
    .filter(({ end = Infinity }) => end >= view.fromMs)
    .reduce((first, { start }) => Math.min(first, start), view.fromMs);
}
