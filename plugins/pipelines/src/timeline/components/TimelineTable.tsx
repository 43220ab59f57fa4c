import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type {
  RunState,
  Timeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  TimeText,
  timelineCountsOf,
  type TimelineView,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import { usePageLinks } from '../../ui/usePageLinks';

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
  const from = new Date(view.fromMs).toISOString();
  const to = new Date(view.toMs).toISOString();
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
                  runsSearch({ pipeline: [id], state: states, from, to }),
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
