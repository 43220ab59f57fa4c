import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Checkbox, Link, Text } from '@backstage/ui';
import type {
  Backfill,
  Pipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  DateTimeField,
  formatExactTime,
  PanelState,
  useBackfill,
  useBackfillPreview,
} from '@millrace/backstage-plugin-pipelines-react';
import facts from '../../runs/detail/FactsTable.module.css';
import { runsSearch } from '../../runs/runsUrl';
import { shortRunId } from '../../runs/components/shortRunId';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { READING_TAB_STOP } from '../../ui/tabStops';
import styles from './BackfillDialog.module.css';

const TOAST_MS = 8_000;

/** Starts that are drawn; the rest are counted. */
const MAX_ROWS = 100;

/** What {@link BackfillDialog} fills. */
export interface BackfillDialogProps {
  pipeline: Pipeline;
  onClose(): void;
}

/** Asks for a range of time, shows its planned starts, and submits a run for each that has none. */
export function BackfillDialog({ pipeline, onClose }: BackfillDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const links = useRunLinks();
  const backfill = useBackfill(pipeline.id);
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const [again, setAgain] = useState(false);
  const isWrong =
    from !== undefined &&
    to !== undefined &&
    Date.parse(from) >= Date.parse(to);
  const range =
    from !== undefined && to !== undefined && !isWrong
      ? { from, to, again: again || undefined }
      : undefined;
  const preview = useBackfillPreview(pipeline.id, range);
  const count = range && preview.data ? preview.data.count : undefined;
  const confirm = async (note: string | undefined) => {
    if (!range) {
      return;
    }
    const made = await backfill.mutateAsync({ ...range, note });
    toasts.post({
      title: t('pipeline.backfill.done', { count: made.count }),
      status: 'success',
      timeout: TOAST_MS,
      links: [
        {
          label: t('pipeline.backfill.show'),
          href: links.runs(
            runsSearch({ pipeline: [pipeline.id], trigger: ['schedule'] }),
          ),
        },
      ],
    });
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={t('pipeline.backfill.title', { title: pipeline.title })}
      consequence={t('pipeline.backfill.consequence')}
      confirmLabel={
        count === undefined
          ? t('pipeline.backfill.submit')
          : t('pipeline.backfill.confirm', { count })
      }
      withReason
      count={count}
      isReady={count !== undefined && count > 0}
      onConfirm={confirm}
    >
      <div className={styles.range}>
        <DateTimeField
          label={t('pipeline.backfill.from')}
          value={from}
          onChange={setFrom}
        />
        <DateTimeField
          label={t('pipeline.backfill.to')}
          value={to}
          isInvalid={isWrong}
          onChange={setTo}
        />
      </div>
      {isWrong && (
        <p className={styles.problem} role="alert">
          {t('pipeline.backfill.wrongRange')}
        </p>
      )}
      <Checkbox isSelected={again} onChange={setAgain}>
        {t('pipeline.backfill.again')}
      </Checkbox>
      {range ? (
        <PanelState query={preview} skeletonHeight={120}>
          {data => <Starts backfill={data} />}
        </PanelState>
      ) : (
        <Text as="p" variant="body-small" color="secondary">
          {t('pipeline.backfill.choose')}
        </Text>
      )}
    </ConfirmAction>
  );
}

function Starts({ backfill }: { backfill: Backfill }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { starts, count } = backfill;
  const skipped = starts.length - count;
  const left = starts.length - MAX_ROWS;
  if (starts.length === 0) {
    return <p className={styles.note}>{t('pipeline.backfill.nothing')}</p>;
  }
  return (
    <>
      <div
        className={styles.frame}
        role="group"
        aria-label={t('pipeline.backfill.list')}
        tabIndex={READING_TAB_STOP}
      >
        <table className={facts.facts} aria-label={t('pipeline.backfill.list')}>
          <thead>
            <tr>
              <th scope="col">{t('pipeline.backfill.start')}</th>
              <th scope="col">{t('pipeline.backfill.run')}</th>
            </tr>
          </thead>
          <tbody>
            {starts.slice(0, MAX_ROWS).map(start => (
              <StartRow key={start.startAt} start={start} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.note} role="status">
        {left > 0 && <>{t('pipeline.backfill.more', { count: left })}. </>}
        {skipped > 0 && count > 0 && (
          <>{t('pipeline.backfill.skipped', { count: skipped })}</>
        )}
        {count === 0 && t('pipeline.backfill.allDone')}
      </p>
    </>
  );
}

function StartRow({ start }: { start: Backfill['starts'][number] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { startAt, runId, isNew } = start;
  return (
    <tr>
      <th scope="row">{formatExactTime(startAt)}</th>
      <td>
        {runId && (
          <Link href={links.run(runId)} variant="body-small" target="_blank">
            {shortRunId(runId)}
          </Link>
        )}
        {isNew && (
          <span className={styles.mark}>{t('pipeline.backfill.isNew')}</span>
        )}
      </td>
    </tr>
  );
}
