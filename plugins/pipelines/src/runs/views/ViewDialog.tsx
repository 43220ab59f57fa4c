import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, TextField } from '@backstage/ui';
import {
  MAX_VIEW_NAME_LENGTH,
  type SavedView,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  useCreateView,
  useUpdateView,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ownerName } from './ownerName';

/** What {@link ViewDialog} asks for. */
export interface ViewDialogProps {
  /** The view to be renamed or shared; a new one is saved without it. */
  view?: SavedView;
  /** What a new one keeps. */
  query: string;
  /** Whose views one may save, oneself first. */
  owners: readonly string[];
  onSaved(view: SavedView): void;
  onClose(): void;
}

/** Asks for the name of a view and for whom it is, and saves it. */
export function ViewDialog(props: ViewDialogProps) {
  const { query, owners, onSaved, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const create = useCreateView();
  const update = useUpdateView();
  // What somebody else saves meanwhile must neither take away what is typed nor be overwritten.
  const [view] = useState(props.view);
  const [name, setName] = useState(view?.name ?? '');
  const [owner, setOwner] = useState(view?.owner ?? owners[0]);
  const wanted = name.trim();
  const isNamed = wanted.length > 0 && wanted.length <= MAX_VIEW_NAME_LENGTH;
  const choices = [...new Set([...owners, ...(view ? [view.owner] : [])])];
  const kind = view ? 'edit' : 'create';
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={t(`views.${kind}Title` as const)}
      consequence={t(`views.${kind}Text` as const)}
      confirmLabel={t(view ? 'views.confirmEdit' : 'views.confirmCreate')}
      isReady={isNamed}
      onConfirm={async () =>
        onSaved(
          view
            ? await update.mutateAsync({
                viewId: view.id,
                query: view.query,
                revision: view.revision,
                name: wanted,
                owner,
              })
            : await create.mutateAsync({
                page: 'runs',
                query,
                name: wanted,
                owner,
              }),
        )
      }
    >
      <TextField
        label={t('views.name')}
        description={
          isNamed || name === ''
            ? undefined
            : t('views.nameWrong', { max: String(MAX_VIEW_NAME_LENGTH) })
        }
        value={name}
        onChange={setName}
      />
      <Select
        label={t('views.owner')}
        options={choices.map(ref => ({
          id: ref,
          label:
            ref === owners[0]
              ? t('views.ownerMe')
              : t('views.ownerTeam', { team: ownerName(ref) }),
        }))}
        value={owner}
        onChange={key => setOwner(String(key))}
      />
    </ConfirmAction>
  );
}
