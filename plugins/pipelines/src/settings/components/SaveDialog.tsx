import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
  TextAreaField,
} from '@backstage/ui';
import type {
  Settings,
  SettingsRevision,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  messageOf,
  settingChanges,
  settingsModelOf,
  useRestoreSettings,
  useSaveSettings,
  type SettingsDraft,
  type SettingsModel,
  type SettingsScope,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { RetentionNotice } from './RetentionNotice';
import styles from './SaveDialog.module.css';
import { ChangeList, SettingsDiff } from './SettingsDiff';
import { shorterRetention } from './shorterRetention';

const MAX_NOTE_LENGTH = 2_000;

/** What is to become a new revision: a draft, or an old revision. */
export type AskedToSave =
  | { kind: 'save'; model: SettingsModel; draft: SettingsDraft }
  | { kind: 'restore'; settings: Settings; revision: SettingsRevision };

/** What {@link SaveDialog} saves. */
export interface SaveDialogProps {
  scope: SettingsScope;
  asked: AskedToSave;
  onDone(saved: Settings): void;
  /** Whether somebody else shows the refusal. */
  onRefused(error: unknown): boolean;
  onClose(): void;
}

/** Shows what will change, takes a note, and makes the new revision. */
export function SaveDialog(props: SaveDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { asked, onClose } = props;
  const [note, setNote] = useState('');
  const { model, from, to } = comparisonOf(asked);
  const { isBusy, error, save } = useMakeRevision(props, note);
  const changes = settingChanges({ ...model, from, to });
  const next = String(model.revision + 1);
  return (
    <Dialog isOpen onOpenChange={isOpen => !isOpen && onClose()} width={640}>
      <DialogHeader>
        {asked.kind === 'save'
          ? t('settings.saveTitle', { revision: next })
          : t('settings.restoreTitle', {
              revision: String(asked.revision.revision),
            })}
      </DialogHeader>
      <DialogBody>
        <div className={styles.body}>
          {asked.kind === 'restore' && (
            <Text as="p" variant="body-medium">
              {t('settings.restoreText', {
                next,
                revision: String(asked.revision.revision),
              })}
            </Text>
          )}
          {changes.length === 0 ? (
            <Text as="p" variant="body-medium" color="secondary">
              {t('settings.restoreSame')}
            </Text>
          ) : (
            <>
              <ChangeList changes={changes} />
              <SettingsDiff
                model={model}
                from={from}
                to={to}
                toLabel={
                  asked.kind === 'restore'
                    ? t('settings.drawer.revision', {
                        revision: String(asked.revision.revision),
                      })
                    : undefined
                }
              />
            </>
          )}
          <RetentionNotice
            filter={shorterRetention(
              props.scope,
              model.effectiveOf(from),
              model.effectiveOf(to),
            )}
          />
          <TextAreaField
            label={t('settings.note')}
            description={t('settings.noteHint')}
            rows={2}
            maxLength={MAX_NOTE_LENGTH}
            value={note}
            onChange={setNote}
          />
          {error !== undefined && (
            <Alert
              status="danger"
              icon
              title={t('settings.failed')}
              description={messageOf(error)}
            />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" slot="close">
          {t('settings.cancel')}
        </Button>
        <Button
          variant="primary"
          isPending={isBusy}
          isDisabled={changes.length === 0}
          onPress={save}
        >
          {asked.kind === 'save'
            ? t('settings.confirmSave')
            : t('settings.confirmRestore')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function comparisonOf(asked: AskedToSave): {
  model: SettingsModel;
  from: SettingsDraft;
  to: SettingsDraft;
} {
  if (asked.kind === 'save') {
    return { model: asked.model, from: asked.model.saved, to: asked.draft };
  }
  const { settings, revision } = asked;
  const model = settingsModelOf(settings, [revision.patch]);
  return { model, from: model.saved, to: model.draftOf(revision.patch) };
}

function useMakeRevision(props: SaveDialogProps, text: string) {
  const { scope, asked, onDone, onRefused } = props;
  const saveSettings = useSaveSettings(scope);
  const restoreSettings = useRestoreSettings(scope);
  const [error, setError] = useState<unknown>();
  const note = text.trim() || undefined;
  const save = async () => {
    setError(undefined);
    try {
      onDone(
        asked.kind === 'save'
          ? await saveSettings.mutateAsync({
              patch: asked.model.patchOf(asked.draft),
              baseRevision: asked.model.revision,
              note,
            })
          : await restoreSettings.mutateAsync({
              revision: asked.revision.revision,
              baseRevision: asked.settings.revision,
              note,
            }),
      );
    } catch (failure) {
      if (!onRefused(failure)) {
        setError(failure);
      }
    }
  };
  return {
    isBusy: saveSettings.isPending || restoreSettings.isPending,
    error,
    save,
  };
}
