import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  formatClock,
  formatNumber,
  useRunFailure,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { usePageLinks } from '../../ui/usePageLinks';

/**
 * How often the failure of a run has occurred, since when, where else and how it stands, with a
 * link to it; nothing while that is not known.
 */
export function RunFailureLine(props: { runId: string; className?: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const { data: failure } = useRunFailure(props.runId);
  if (!failure) {
    return null;
  }
  const { fingerprint, state, totalOccurrences, firstSeenAt } = failure;
  const others = failure.pipelineCount - 1;
  return (
    <span className={props.className}>
      {totalOccurrences > 1
        ? t('failures.ofRun.seen', {
            number: formatNumber(totalOccurrences),
            time: formatClock(firstSeenAt),
          })
        : t('failures.ofRun.first')}{' '}
      {others > 0 && `${t('failures.ofRun.others', { count: others })} `}
      {state !== 'unresolved' && `${t(`failures.ofRun.state.${state}`)} `}
      <Link href={links.failure(fingerprint)}>{t('failures.ofRun.open')}</Link>
    </span>
  );
}
