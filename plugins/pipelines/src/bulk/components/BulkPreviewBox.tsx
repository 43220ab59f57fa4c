import { useId } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import type { BulkPreview } from '@millrace/backstage-plugin-pipelines-common';
import {
  messageOf,
  RunStateBadge,
  type PanelQuery,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './BulkPreviewBox.module.css';

/** What {@link BulkPreviewBox} shows. */
export interface BulkPreviewBoxProps {
  preview: PanelQuery<BulkPreview>;
  /** False while it is not said yet what to do. */
  isComplete: boolean;
}

/** What a bulk action would do now: to how many, which are left out and why, and the first of them. */
export function BulkPreviewBox(props: BulkPreviewBoxProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const titleId = useId();
  return (
    <section
      className={styles.box}
      aria-labelledby={titleId}
      aria-busy={props.preview.isFetching}
    >
      <h3 id={titleId} className={styles.title}>
        {t('bulk.preview')}
      </h3>
      <Content {...props} />
    </section>
  );
}

function Content({ preview, isComplete }: BulkPreviewBoxProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!isComplete) {
    return <p className={styles.line}>{t('bulk.previewFill')}</p>;
  }
  if (preview.error && !preview.isFetching) {
    return (
      <Alert
        status="danger"
        icon
        title={t('bulk.previewFailed')}
        description={messageOf(preview.error)}
        customActions={
          <Button
            size="small"
            variant="secondary"
            onPress={() => preview.refetch()}
          >
            {t('bulk.recount')}
          </Button>
        }
      />
    );
  }
  return preview.data ? (
    <Counts preview={preview.data} />
  ) : (
    <p className={styles.line}>{t('bulk.previewLoading')}</p>
  );
}

function Counts({ preview }: { preview: BulkPreview }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { count, skipped, examples } = preview;
  const matches = t('bulk.matches', { count: preview.matches });
  return (
    <>
      <p className={styles.line} role="status">
        {count === 0
          ? t('bulk.willNone', { matches })
          : t('bulk.will', { matches, count })}
      </p>
      {skipped.length > 0 && (
        <ul className={styles.list}>
          {skipped.map(({ reason, count: left }) => (
            <li key={reason}>{t('bulk.leftOut', { count: left, reason })}</li>
          ))}
        </ul>
      )}
      {examples.length > 0 && (
        <ul className={styles.examples} aria-label={t('bulk.examples')}>
          {examples.map(({ id, title, state }) => (
            <li key={id}>
              <RunStateBadge state={state} iconOnly />
              <span className={styles.name}>{title}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
