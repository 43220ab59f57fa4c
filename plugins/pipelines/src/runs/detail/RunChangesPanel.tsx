import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  RUN_TRIGGERS,
  runReadPermission,
  type RunChange,
  type RunChanges,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  formatNumber,
  PanelNotice,
  PanelState,
  TimeText,
  useRunChanges,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import { compareSearch } from '../compare';
import { formatMetric } from './formatMetric';
import styles from './RunChangesPanel.module.css';

/** What differs between a run that did not succeed and the last success before it, rarest first. */
export function RunChangesPanel({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const changes = useRunChanges(run.id);
  const lastId = changes.data?.lastSuccess?.id;
  return (
    <Panel
      title={t('changes.title')}
      aside={
        lastId && (
          <Link href={links.compare(compareSearch({ a: lastId, b: run.id }))}>
            {t('changes.compare')}
          </Link>
        )
      }
    >
      <PanelState
        query={changes}
        skeleton="rows"
        skeletonCount={3}
        permission={runReadPermission.name}
        owner={run.owner}
      >
        {found => <Changes found={found} />}
      </PanelState>
    </Panel>
  );
}

function Changes({ found }: { found: RunChanges }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { lastSuccess, comparedSuccesses, changes, moreChanges } = found;
  if (!lastSuccess) {
    return (
      <PanelNotice kind="empty" title={t('changes.neverTitle')}>
        {t('changes.never')}
      </PanelNotice>
    );
  }
  const when = <TimeText at={lastSuccess.finishedAt} />;
  if (changes.length === 0) {
    return (
      <div className={styles.changes}>
        <p>{t('changes.none', { when })}</p>
        <p className={styles.weak}>{t('changes.noneHint')}</p>
      </div>
    );
  }
  return (
    <div className={styles.changes}>
      <p>{t('changes.count', { count: changes.length + moreChanges, when })}</p>
      <StackedTable
        label={t('changes.title')}
        heads={[
          t('changes.what'),
          t('changes.before'),
          t('changes.after'),
          t('changes.rarity'),
        ]}
        rows={changes.map(change => ({
          key: `${change.subject} ${change.name ?? ''}`,
          cells: [
            <span key="what" className={styles.value}>
              {t(`changes.subject.${change.subject}`, {
                name: change.name ?? '',
              })}
            </span>,
            <Value key="before" change={change} side="before" />,
            <Value key="after" change={change} side="after" />,
            <Rarity key="rarity" change={change} of={comparedSuccesses} />,
          ],
        }))}
      />
      {moreChanges > 0 && (
        <p className={styles.weak}>
          {t('changes.more', { count: moreChanges })}
        </p>
      )}
    </div>
  );
}

function Value(props: { change: RunChange; side: 'before' | 'after' }) {
  const { change, side } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const value = change[side];
  if (value === undefined) {
    return <span className={styles.weak}>{t('changes.nothing')}</span>;
  }
  switch (change.subject) {
    case 'settings':
    case 'upstream-settings':
      return (
        <span>
          {value === 0
            ? t('changes.unedited')
            : t('changes.revision', { number: String(value) })}
        </span>
      );
    case 'trigger': {
      const trigger = RUN_TRIGGERS.find(name => name === value);
      return <span>{trigger ? t(`trigger.${trigger}`) : String(value)}</span>;
    }
    case 'submitter':
      return <ActorName actor={String(value)} />;
    case 'step-duration':
    case 'duration':
      return <span>{formatDuration(Number(value))}</span>;
    case 'metric':
      return <span>{formatMetric(Number(value))}</span>;
    default:
      return <span className={styles.value}>{String(value)}</span>;
  }
}

/** Subjects of which it is told how far out they are. */
const NUMBERS: readonly RunChange['subject'][] = [
  'step-duration',
  'duration',
  'metric',
];

function Rarity({ change, of }: { change: RunChange; of: number }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { subject, seenIn } = change;
  const numbers = { seen: formatNumber(seenIn), of: formatNumber(of) };
  const isNumber = NUMBERS.includes(subject);
  if (seenIn === 0) {
    return (
      <span className={styles.rare}>
        {t(isNumber ? 'changes.neverAsFar' : 'changes.neverSeen', numbers)}
      </span>
    );
  }
  return (
    <span>{t(isNumber ? 'changes.seenAsFar' : 'changes.seen', numbers)}</span>
  );
}
