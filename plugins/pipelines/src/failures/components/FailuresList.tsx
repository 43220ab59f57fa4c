import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { Failure } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { StackedTable } from '../../ui/StackedTable';
import { usePageLinks } from '../../ui/usePageLinks';
import styles from '../Failures.module.css';
import { ActivityBars } from './ActivityBars';
import { FailureStateTag } from './FailureStateTag';

/** Pipelines that a row names. */
const NAMED_PIPELINES = 2;

/** Failures with where, how often and when; as blocks on narrow screens. */
export function FailuresList({ failures }: { failures: readonly Failure[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <Panel title={t('failures.list')}>
      <StackedTable
        label={t('failures.list')}
        heads={[
          t('failures.heads.failure'),
          t('failures.heads.state'),
          t('failures.heads.pipelines'),
          t('failures.heads.runs'),
          t('failures.heads.activity'),
          t('failures.heads.firstSeen'),
          t('failures.heads.lastSeen'),
        ]}
        rows={failures.map(failure => ({
          key: failure.fingerprint,
          cells: [
            <Title key="title" failure={failure} />,
            <FailureStateTag key="state" failure={failure} />,
            <PipelineNames key="pipelines" failure={failure} />,
            formatNumber(failure.occurrences),
            <ActivityBars key="activity" activity={failure.activity} />,
            <TimeText key="first" at={failure.firstSeenAt} />,
            <TimeText key="last" at={failure.lastSeenAt} />,
          ],
        }))}
      />
    </Panel>
  );
}

function Title({ failure }: { failure: Failure }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const { fingerprint, template, kind, step } = failure;
  return (
    <>
      <Link href={links.failure(fingerprint)} className={styles.template}>
        {template || t('failures.noMessage')}
      </Link>
      <span className={styles.second}>
        {[
          t(`failures.kind.${kind}` as const),
          step && t('failures.inStep', { step }),
        ]
          .filter(Boolean)
          .join(' ')}
      </span>
    </>
  );
}

function PipelineNames({ failure }: { failure: Failure }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const named = failure.pipelines.slice(0, NAMED_PIPELINES);
  const others = failure.pipelineCount - named.length;
  return (
    <>
      {named.map(({ title }) => title).join(', ')}
      {others > 0 && (
        <span className={styles.second}>
          {t('failures.morePipelines', { count: others })}
        </span>
      )}
    </>
  );
}
