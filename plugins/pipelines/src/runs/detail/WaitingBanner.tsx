import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type { Waiting } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  formatExactTime,
  TimeText,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import styles from './RunBanner.module.css';

/** Why a queued run has not started: what must be, and what is. */
export function WaitingBanner({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { condition, wanted, now } = useCondition(waiting);
  return (
    <Alert
      status="info"
      icon
      title={t('waiting.title')}
      description={
        <table className={styles.waiting}>
          <thead>
            <tr>
              <th scope="col">{t('waiting.condition')}</th>
              <th scope="col">{t('waiting.wanted')}</th>
              <th scope="col">{t('waiting.now')}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{condition}</th>
              <td>{wanted}</td>
              <td>{now}</td>
            </tr>
          </tbody>
        </table>
      }
    />
  );
}

function useCondition(waiting: Waiting): {
  condition: string;
  wanted: string;
  now: ReactNode;
} {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const nowMs = useNow();
  const { reason, until, active, max, key = '' } = waiting;
  const numbers = { active: String(active ?? '–'), max: String(max ?? '–') };
  switch (reason) {
    case 'start-time': {
      const leftMs = until ? Math.max(0, Date.parse(until) - nowMs) : 0;
      return {
        condition: t('waiting.start-time.condition'),
        wanted: t('waiting.start-time.wanted', {
          time: until ? formatExactTime(until) : '–',
        }),
        now: t('waiting.start-time.now', {
          left: formatDuration(leftMs, { whole: true }),
        }),
      };
    }
    case 'queue-paused':
    case 'pipeline-paused':
      return {
        condition: t(`waiting.${reason}.condition`),
        wanted: t(`waiting.${reason}.wanted`),
        now: (
          <>
            {t(`waiting.${reason}.now`)} <PausedBy waiting={waiting} />
          </>
        ),
      };
    case 'no-worker':
      return {
        condition: t('waiting.no-worker.condition'),
        wanted: t('waiting.no-worker.wanted'),
        now: t('waiting.no-worker.now'),
      };
    case 'queue-limit':
    case 'pipeline-limit':
      return {
        condition: t(`waiting.${reason}.condition`),
        wanted: t(`waiting.${reason}.wanted`, numbers),
        now: t(`waiting.${reason}.now`, numbers),
      };
    case 'key-limit':
      return {
        condition: t('waiting.key-limit.condition', { key }),
        wanted: t('waiting.key-limit.wanted', numbers),
        now: t('waiting.key-limit.now', numbers),
      };
    default:
      return {
        condition: t('waiting.slot.condition'),
        wanted: t('waiting.slot.wanted'),
        now:
          max === undefined
            ? t('waiting.slot.nowUnknown')
            : t('waiting.slot.now', numbers),
      };
  }
}

function PausedBy({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { by, since, until, pauseReason } = waiting;
  return (
    <>
      {by && t('waiting.by', { actor: <ActorName actor={by} /> })}{' '}
      {since && t('waiting.since', { time: formatExactTime(since) })}{' '}
      {until && (
        <>
          {t('waiting.until', { time: formatExactTime(until) })} (
          <TimeText at={until} />)
        </>
      )}
      {pauseReason && <div>{t('waiting.reason', { reason: pauseReason })}</div>}
    </>
  );
}
