import { useEffect, useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import type {
  Settings,
  SettingsRevision,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  messageOf,
  problemsOfRefusal,
  settingAnchor,
  settingsModelOf,
  statusOf,
  type SettingsDraft,
  type SettingsScope,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import type { PipelineAccess } from '../ui/usePipelineAccess';
import type { AskedToSave } from './components/SaveDialog';
import type { SettingsEditor } from './useSettingsEditor';

const TOAST_MS = 6_000;

/** What is being saved or compared, and what follows. */
export function useSaving(options: {
  scope: SettingsScope;
  editor: SettingsEditor;
  newest: Settings;
  access: PipelineAccess;
}) {
  const { editor, newest, access } = options;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const [asked, setAsked] = useState<AskedToSave>();
  const [isComparing, setComparing] = useState(false);
  const { base, model, draft } = editor;

  const askToSave = () => {
    if (!access.isAllowed || !editor.canSave) {
      return;
    }
    if (newest.revision > base.revision) {
      setComparing(true);
    } else {
      setAsked({ kind: 'save', model, draft });
    }
  };
  useSaveKey(askToSave);

  return {
    asked,
    isComparing,
    askToSave,
    askToRestore: (revision: SettingsRevision) =>
      setAsked({ kind: 'restore', settings: newest, revision }),
    compare: () => setComparing(true),
    stopComparing: () => setComparing(false),
    close: () => setAsked(undefined),
    /** Goes on with what they saved, and asks to save what is left of the draft. */
    saveMerged: (merged: SettingsDraft) => {
      setComparing(false);
      editor.rebase(newest, merged);
      const mine = settingsModelOf(newest, [base.patch]);
      if (!mine.isSame(merged, mine.saved)) {
        setAsked({ kind: 'save', model: mine, draft: merged });
      }
    },
    onDone: (saved: Settings) => {
      toasts.post({
        title:
          asked?.kind === 'restore'
            ? t('settings.restored', {
                old: String(asked.revision.revision),
                revision: String(saved.revision),
              })
            : t('settings.done', { revision: String(saved.revision) }),
        status: 'success',
        timeout: TOAST_MS,
      });
      if (asked?.kind === 'save' || !editor.isDirty) {
        editor.rebase(saved);
      }
      setAsked(undefined);
    },
    /** Whether the editor shows it; else the dialog does. */
    onRefused: (error: unknown): boolean => {
      const status = statusOf(error);
      if (asked?.kind !== 'save') {
        return false;
      }
      if (status === 409) {
        setAsked(undefined);
        setComparing(true);
        return true;
      }
      if (status === 400) {
        const problems = problemsOfRefusal(model.fields, messageOf(error));
        editor.refuse(problems);
        setAsked(undefined);
        showField(Object.keys(problems.byField)[0]);
        return true;
      }
      return false;
    },
  };
}

/** Ctrl+S saves, also while somebody types; a number counts once its field is left. */
function useSaveKey(save: () => void): void {
  const [isPressed, setPressed] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isSave = event.key.toLowerCase() === 's';
      const isElsewhere =
        event.target instanceof Element &&
        event.target.closest('[role="dialog"]') !== null;
      if (isSave && (event.ctrlKey || event.metaKey) && !isElsewhere) {
        event.preventDefault();
        if (document.activeElement instanceof HTMLInputElement) {
          document.activeElement.blur();
        }
        setPressed(true);
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  useEffect(() => {
    if (isPressed) {
      setPressed(false);
      save();
    }
  }, [isPressed, save]);
}

/** Brings a field into sight. */
export function showField(fieldId: string | undefined): void {
  const element = fieldId && document.getElementById(settingAnchor(fieldId));
  if (element) {
    element.scrollIntoView?.({ block: 'center' });
    element.querySelector<HTMLElement>('input, textarea, button')?.focus();
  }
}
