import { useEffect, useMemo, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Settings } from '@millrace/backstage-plugin-pipelines-common';
import {
  problemsOfDraft,
  settingChanges,
  settingsModelOf,
  type SettingChange,
  type SettingProblems,
  type SettingsDraft,
  type SettingsModel,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';

/** A draft of settings over the revision that it began with. */
export interface SettingsEditor {
  /** The revision that the draft began with. */
  base: Settings;
  model: SettingsModel;
  draft: SettingsDraft;
  changes: readonly SettingChange[];
  /** By the schema, and of what the server last refused. */
  problems: SettingProblems;
  isDirty: boolean;
  /** Whether the draft is changed and nothing is known to be wrong with it. */
  canSave: boolean;
  /** Counts up when the draft was replaced by something else than typing. */
  generation: number;
  /** Changes what the draft says of some settings. */
  edit(cells: SettingsDraft): void;
  /** Whether the text of the JSON form can be read at all. */
  setBroken(isBroken: boolean): void;
  discard(): void;
  /** Remembers what the server refused until those fields are changed. */
  refuse(problems: SettingProblems): void;
  /** Puts a draft on top of another revision, such as the one that was just saved. */
  rebase(base: Settings, draft?: SettingsDraft): void;
}

const NO_REFUSAL: SettingProblems = { byField: {}, general: [] };

/**
 * Keeps a draft of settings.
 *
 * @remarks
 * While nothing is changed it follows what is saved; a draft stays on the revision that it began
 * with, whatever others save meanwhile.
 */
export function useSettingsEditor(newest: Settings): SettingsEditor {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [base, setBase] = useState(newest);
  const [edits, setEdits] = useState<SettingsDraft>({});
  const [isBroken, setBroken] = useState(false);
  const [refusal, setRefusal] = useState(NO_REFUSAL);
  const [generation, setGeneration] = useState(0);

  const model = useMemo(
    () => settingsModelOf(base, [newest.patch]),
    [base, newest.patch],
  );
  const draft = useMemo(() => ({ ...model.saved, ...edits }), [model, edits]);
  const isDirty = isBroken || !model.isSame(draft, model.saved);

  const rebase = (next: Settings, over: SettingsDraft = {}) => {
    setBase(next);
    setEdits(over);
    setBroken(false);
    setRefusal(NO_REFUSAL);
    setGeneration(value => value + 1);
  };

  useEffect(() => {
    if (!isDirty && newest !== base && newest.revision >= base.revision) {
      setBase(newest);
      setEdits({});
      if (newest.revision !== base.revision) {
        setGeneration(value => value + 1);
      }
    }
  }, [isDirty, newest, base]);

  const found = useMemo(
    () =>
      problemsOfDraft({
        ...model,
        draft,
        emptied: t('settings.emptied'),
      }),
    [model, draft, t],
  );
  const problems = {
    byField: { ...refusal.byField, ...found.byField },
    general: [...found.general, ...refusal.general],
  };
  return {
    base,
    model,
    draft,
    problems,
    isDirty,
    generation,
    changes: useMemo(
      () => settingChanges({ ...model, from: model.saved, to: draft }),
      [model, draft],
    ),
    canSave:
      isDirty &&
      !isBroken &&
      found.general.length === 0 &&
      Object.keys(found.byField).length === 0,
    edit: cells => {
      setEdits(known => ({ ...known, ...cells }));
      setRefusal(known => withoutFields(known, Object.keys(cells)));
    },
    setBroken,
    discard: () => rebase(newest),
    refuse: setRefusal,
    rebase,
  };
}

/** What was refused, without what was changed since. */
function withoutFields(
  { byField }: SettingProblems,
  changed: readonly string[],
): SettingProblems {
  return {
    byField: Object.fromEntries(
      Object.entries(byField).filter(([id]) => !changed.includes(id)),
    ),
    general: [],
  };
}
