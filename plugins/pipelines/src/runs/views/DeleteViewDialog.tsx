import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { SavedView } from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  useDeleteView,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ownerName } from './ownerName';

/** What {@link DeleteViewDialog} is about. */
export interface DeleteViewDialogProps {
  view: SavedView;
  /** Whether it belongs to others, too. */
  isShared: boolean;
  onDeleted(): void;
  onClose(): void;
}

/** Asks before a view is deleted. */
export function DeleteViewDialog(props: DeleteViewDialogProps) {
  const { view, isShared, onDeleted, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const remove = useDeleteView();
  return (
    <ConfirmAction
      isOpen
      destructive
      onOpenChange={isOpen => !isOpen && onClose()}
      title={t('views.deleteTitle')}
      names={[view.name]}
      consequence={
        isShared
          ? t('views.deleteTextTeam', { owner: ownerName(view.owner) })
          : t('views.deleteText')
      }
      confirmLabel={t('views.confirmDelete')}
      onConfirm={async () => {
        await remove.mutateAsync(view.id);
        onDeleted();
      }}
    />
  );
}
