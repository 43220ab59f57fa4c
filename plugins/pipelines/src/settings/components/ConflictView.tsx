import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Radio, RadioGroup } from '@backstage/ui';
import type { Settings } from '@millrace/backstage-plugin-pipelines-common';
import {
  mergedDraft,
  settingConflicts,
  settingsModelOf,
  useSettingTexts,
  type ConflictChoices,
  type SettingCell,
  type SettingConflict,
  type SettingsDraft,
  type SettingsModel,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { StackedTable } from '../../ui/StackedTable';
import type { SettingsEditor } from '../useSettingsEditor';
import styles from './ConflictView.module.css';

/** What {@link ConflictView} brings together. */
export interface ConflictViewProps {
  editor: SettingsEditor;
  /** What somebody else saved. */
  newest: Settings;
  onApply(merged: SettingsDraft): void;
  onClose(): void;
}

/** What was there, what they saved and what you drafted, setting by setting, and the choice between them. */
export function ConflictView(props: ConflictViewProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { editor, newest, onApply, onClose } = props;
  const { base, draft } = editor;
  const model = settingsModelOf(newest, [base.patch]);
  const conflicts = settingConflicts(model.fields, {
    base: model.draftOf(base.patch),
    theirs: model.saved,
    yours: draft,
  });
  const [choices, setChoices] = useState<ConflictChoices>({});
  const open = conflicts.filter(
    ({ field, change }) => change === 'both' && !choices[field.id],
  ).length;
  return (
    <div className={styles.conflict}>
      <Alert
        status="warning"
        icon
        title={t('settings.conflict.title')}
        description={t('settings.conflict.text', {
          theirs: String(newest.revision),
          by: newest.author ?? '',
          base: String(base.revision),
        })}
      />
      <Panel
        title={t('settings.conflict.list', {
          revision: String(base.revision),
        })}
      >
        <ConflictTable
          model={model}
          conflicts={conflicts}
          choices={choices}
          heads={{
            base: t('settings.conflict.base', {
              revision: String(base.revision),
            }),
            theirs: t('settings.conflict.theirs', {
              revision: String(newest.revision),
            }),
            yours: t('settings.conflict.yours'),
          }}
          onChoose={(id, choice) => setChoices({ ...choices, [id]: choice })}
        />
      </Panel>
      <div className={styles.actions}>
        {open > 0 && (
          <span role="status">
            {t('settings.conflict.chooseAll', { count: open })}
          </span>
        )}
        <Button variant="secondary" onPress={onClose}>
          {t('settings.conflict.later')}
        </Button>
        <Button
          variant="primary"
          isDisabled={open > 0}
          onPress={() => onApply(mergedDraft(conflicts, model.saved, choices))}
        >
          {t('settings.conflict.apply', {
            revision: String(newest.revision),
          })}
        </Button>
      </div>
    </div>
  );
}

interface ConflictTableProps {
  model: SettingsModel;
  conflicts: readonly SettingConflict[];
  choices: ConflictChoices;
  heads: Record<'base' | 'theirs' | 'yours', string>;
  onChoose(fieldId: string, choice: 'theirs' | 'yours'): void;
}

const SIDES = ['base', 'theirs', 'yours'] as const;

function ConflictTable(props: ConflictTableProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useSettingTexts();
  const { model, conflicts, heads } = props;
  return (
    <StackedTable
      label={t('settings.conflict.title')}
      heads={[
        t('settings.conflict.setting'),
        ...SIDES.map(side => heads[side]),
        t('settings.conflict.choice'),
      ]}
      rows={conflicts.map(conflict => ({
        key: conflict.field.id,
        cells: [
          texts.label(conflict.field),
          ...SIDES.map(side => (
            <CellText
              key={side}
              model={model}
              conflict={conflict}
              cell={conflict[side]}
            />
          )),
          <Choice key="choice" {...props} conflict={conflict} />,
        ],
      }))}
    />
  );
}

function CellText(props: {
  model: SettingsModel;
  conflict: SettingConflict;
  cell: SettingCell;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useSettingTexts();
  const { model, conflict, cell } = props;
  const { field } = conflict;
  if (cell.kind === 'value') {
    return <>{texts.value(field, cell.value)}</>;
  }
  if (cell.kind !== 'inherited') {
    return <>{t('settings.conflict.nothing')}</>;
  }
  const value = texts.value(field, model.configuredValue(field));
  return <>{t('settings.conflict.appConfig', { value })}</>;
}

function Choice(props: ConflictTableProps & { conflict: SettingConflict }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useSettingTexts();
  const { conflict, choices, onChoose } = props;
  const { field, change } = conflict;
  if (change !== 'both') {
    const words = {
      theirs: t('settings.conflict.onlyTheirs'),
      yours: t('settings.conflict.onlyYours'),
      same: t('settings.conflict.bothSame'),
    };
    return <span className={styles.settled}>{words[change]}</span>;
  }
  return (
    <RadioGroup
      aria-label={t('settings.conflict.choiceOf', {
        name: texts.label(field),
      })}
      value={choices[field.id] ?? ''}
      onChange={value => onChoose(field.id, value as 'theirs' | 'yours')}
    >
      <Radio value="theirs">{t('settings.conflict.takeTheirs')}</Radio>
      <Radio value="yours">{t('settings.conflict.keepYours')}</Radio>
    </RadioGroup>
  );
}
