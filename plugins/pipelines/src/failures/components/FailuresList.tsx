import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, Link } from '@backstage/ui';
import type { Failure } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { EntityName } from '../../ui/EntityName';
import { Panel } from '../../ui/Panel';
import { StackedTable } from '../../ui/StackedTable';
import { usePageLinks } from '../../ui/usePageLinks';
import styles from '../Failures.module.css';
import { ActivityBars } from './ActivityBars';
import { FailuresBar } from './FailuresBar';
import { FailureStateTag } from './FailureStateTag';

/** Pipelines that a row names. */
const NAMED_PIPELINES = 2;

/** Failures with where, how often and when; as blocks on narrow screens. Some can be chosen. */
export function FailuresList({ failures }: { failures: readonly Failure[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [ids, setIds] = useState<readonly string[]>([]);
  const chosen = failures.filter(({ fingerprint }) =>
    ids.includes(fingerprint),
  );
  const toggle = ({ fingerprint }: Failure) =>
    setIds(
      ids.includes(fingerprint)
        ? ids.filter(id => id !== fingerprint)
        : [...ids, fingerprint],
    );
  return (
    <>
      <FailuresBar chosen={chosen} onClear={() => setIds([])} />
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
              <Title
                key="title"
                failure={failure}
                isChosen={ids.includes(failure.fingerprint)}
                onToggle={() => toggle(failure)}
              />,
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
    </>
  );
}

function Title(props: {
  failure: Failure;
  isChosen: boolean;
  onToggle(): void;
}) {
  const { failure, isChosen, onToggle } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const { fingerprint, template, kind, step } = failure;
  const name = template || t('failures.noMessage');
  return (
    <div className={styles.title}>
      <Checkbox
        aria-label={t('failures.choose', { failure: name })}
        isSelected={isChosen}
        onChange={onToggle}
      />
      <div>
        <Link href={links.failure(fingerprint)} className={styles.template}>
          {name}
        </Link>
        <span className={styles.second}>
          {[
            t(`failures.kind.${kind}` as const),
            step && t('failures.inStep', { step }),
          ]
            .filter(Boolean)
            .join(' ')}
        </span>
      </div>
    </div>
  );
}

function PipelineNames({ failure }: { failure: Failure }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const named = failure.pipelines.slice(0, NAMED_PIPELINES);
  const others = failure.pipelineCount - named.length;
  const owners = new Set(failure.pipelines.flatMap(({ owner }) => owner ?? []));
  return (
    <>
      {named.map(({ title }) => title).join(', ')}
      {others > 0 && (
        <span className={styles.second}>
          {t('failures.morePipelines', { count: others })}
        </span>
      )}
      {[...owners].map(owner => (
        <span key={owner} className={styles.second}>
          <EntityName entityRef={owner} />
        </span>
      ))}
    </>
  );
}
