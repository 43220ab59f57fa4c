import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Radio, RadioGroup } from '@backstage/ui';
import {
  BULK_ACTIONS,
  type BulkAction,
  type RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  isCountTyped,
  messageOf,
  TypedCount,
  useBulkPreview,
  useSubmitBulk,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { useRunLinks } from '../ui/RunLinks';
import { SideDrawer } from '../ui/SideDrawer';
import { BulkFields } from './components/BulkFields';
import { BulkPreviewBox } from './components/BulkPreviewBox';
import { FilterWords } from './components/FilterWords';
import { useBulkTitle } from './useBulkTitle';
import styles from './BulkDrawer.module.css';
import { bulkRequestOf, type BulkDraft } from './bulkRequest';

/** What {@link BulkDrawer} is about. */
export interface BulkDrawerProps {
  draft: BulkDraft;
  onChange(draft: BulkDraft): void;
  /** The chosen runs. */
  ids: ReadonlySet<string>;
  /** Which runs the list shows. */
  filter: RunsFilter;
  onClose(): void;
}

/** Says what a bulk action would do, and begins it. */
export function BulkDrawer(props: BulkDrawerProps) {
  const { draft, onChange, ids, filter, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const bulk = useBulk(props);
  const titleOf = useBulkTitle();
  const { count, typed } = bulk;
  return (
    <SideDrawer
      title={t('bulk.title')}
      isOpen
      closeLabel={t('bulk.close')}
      onClose={onClose}
      footer={
        <>
          <Button variant="secondary" onPress={onClose}>
            {t('bulk.close')}
          </Button>
          <Button
            variant="primary"
            destructive={draft.action === 'cancel'}
            isPending={bulk.isPending}
            isDisabled={!bulk.isReady}
            onPress={bulk.begin}
          >
            {!draft.action && t('bulk.begin')}
            {draft.action &&
              (count > 0
                ? titleOf(draft.action, count)
                : t(`bulk.${draft.action}` as const))}
          </Button>
        </>
      }
    >
      <RadioGroup
        label={t('bulk.scope')}
        value={draft.scope}
        onChange={scope =>
          onChange({ ...draft, scope: scope as BulkDraft['scope'] })
        }
      >
        <Radio value="chosen" isDisabled={ids.size === 0}>
          {ids.size === 0
            ? t('bulk.scopeNone')
            : t('bulk.scopeChosen', { count: ids.size })}
        </Radio>
        <Radio value="all">
          <span className={styles.all}>
            {t('bulk.scopeAll')}: <FilterWords filter={filter} />
          </span>
        </Radio>
      </RadioGroup>
      <ActionCards
        value={draft.action}
        onChange={action => onChange({ ...draft, action })}
      />
      <BulkFields
        draft={draft}
        onChange={onChange}
        reason={bulk.reason}
        onReason={bulk.setReason}
      />
      <BulkPreviewBox
        preview={bulk.preview}
        isComplete={bulk.request !== undefined}
      />
      {count > 0 && (
        <TypedCount count={count} value={typed} onChange={bulk.setTyped} />
      )}
      {bulk.failure && (
        <Alert
          status="danger"
          icon
          title={t('bulk.failed')}
          description={messageOf(bulk.failure)}
        />
      )}
    </SideDrawer>
  );
}

function ActionCards(props: {
  value: BulkAction | undefined;
  onChange(action: BulkAction): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <RadioGroup
      label={t('bulk.action')}
      className={styles.cards}
      value={props.value ?? null}
      onChange={action => props.onChange(action as BulkAction)}
    >
      {BULK_ACTIONS.map(action => (
        <Radio key={action} value={action} className={styles.card}>
          <span className={styles.cardText}>
            <strong>{t(`bulk.${action}` as const)}</strong>
            <span className={styles.hint}>
              {t(`bulk.${action}Hint` as const)}
            </span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

function useBulk({ draft, ids, filter, onClose }: BulkDrawerProps) {
  const navigate = useNavigate();
  const links = useRunLinks();
  const submit = useSubmitBulk();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const request = bulkRequestOf(draft, { ids, filter });
  const preview = useBulkPreview(request);
  const count = preview.data?.count ?? 0;
  const isReady =
    request !== undefined &&
    count > 0 &&
    !preview.isFetching &&
    isCountTyped(count, typed);
  const begin = async () => {
    if (!request) {
      return;
    }
    try {
      const { id } = await submit.mutateAsync({
        ...request,
        expected: count,
        reason: reason.trim() || undefined,
      });
      onClose();
      navigate(links.bulk(id));
    } catch {
      // It is shown, and the runs are counted again, because their number may have changed.
      preview.refetch();
    }
  };
  return {
    request,
    preview,
    count,
    isReady,
    reason,
    setReason,
    typed,
    setTyped,
    isPending: submit.isPending,
    failure: submit.error,
    begin,
  };
}
