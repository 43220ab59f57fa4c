import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type {
  Removal,
  RetentionPreviewFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatBytes,
  formatNumber,
  messageOf,
  useRetentionPreview,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

const PARTS = ['runs', 'logs', 'artifacts'] as const;

/** What a shorter retention would remove, before it is saved; draws nothing when nothing is shorter. */
export function RetentionNotice({
  filter,
}: {
  filter: RetentionPreviewFilter | undefined;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const preview = useRetentionPreview(filter);
  const wordsOf = useRemovalWords();
  if (!filter) {
    return null;
  }
  if (!preview.data) {
    return (
      <Alert
        status="info"
        icon
        title={
          preview.error
            ? t('settings.retention.failed')
            : t('settings.retention.counting')
        }
        description={preview.error ? messageOf(preview.error) : undefined}
      />
    );
  }
  const sentences = PARTS.flatMap(part => {
    const removal = preview.data[part];
    return removal ? [wordsOf(part, removal)] : [];
  });
  const removes = PARTS.some(part => preview.data[part]?.now);
  return (
    <Alert
      status={removes ? 'warning' : 'info'}
      icon
      title={t('settings.retention.title')}
      description={sentences.join(' ')}
    />
  );
}

function useRemovalWords() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (part: (typeof PARTS)[number], removal: Removal): string => {
    const { now, soon, bytes, isMore } = removal;
    const what = t(`settings.retention.${part}` as const);
    const number = (count: number) =>
      isMore && count > 0
        ? t('settings.retention.atLeast', { number: formatNumber(count) })
        : formatNumber(count);
    const size = bytes ? ` (${formatBytes(bytes)})` : '';
    return t('settings.retention.removes', {
      what,
      now: number(now) + size,
      soon: number(soon),
    });
  };
}
