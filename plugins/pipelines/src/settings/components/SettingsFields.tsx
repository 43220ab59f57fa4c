import {
  SettingsForm,
  SettingsJson,
  type SettingField,
} from '@millrace/backstage-plugin-pipelines-react';
import { Box } from '@backstage/ui';
import type { SettingsEditor } from '../useSettingsEditor';
import styles from './SettingsFields.module.css';

/** What {@link SettingsFields} edits. */
export interface SettingsFieldsProps {
  editor: SettingsEditor;
  view: 'form' | 'json';
  isReadOnly: boolean;
  revisionOf(field: SettingField): number | undefined;
}

/** The draft as fields, or as JSON. */
export function SettingsFields(props: SettingsFieldsProps) {
  const { editor, view, isReadOnly, revisionOf } = props;
  const { model, draft, problems, generation, edit, setBroken } = editor;
  return (
    <Box bg="neutral" className={styles.box}>
      {view === 'json' ? (
        <SettingsJson
          key={generation}
          fields={model.fields}
          draft={draft}
          problems={problems}
          isReadOnly={isReadOnly}
          onChange={edit}
          onBroken={setBroken}
        />
      ) : (
        <SettingsForm
          key={generation}
          fields={model.fields}
          draft={draft}
          saved={model.saved}
          configured={model.configured}
          problems={problems}
          revisionOf={revisionOf}
          isReadOnly={isReadOnly}
          onChange={edit}
        />
      )}
    </Box>
  );
}
