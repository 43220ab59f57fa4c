import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import type { SettingsEditor } from '../useSettingsEditor';
import { showField } from '../useSaving';
import { ChangeList, SettingsDiff } from './SettingsDiff';
import styles from './ChangesPane.module.css';

/** What the draft changes, as sentences that lead to their fields, and value by value. */
export function ChangesPane(props: {
  editor: SettingsEditor;
  view: 'form' | 'json';
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { model, draft, changes } = props.editor;
  return (
    <div className={styles.pane}>
      <Panel title={t('settings.changes')}>
        {changes.length === 0 ? (
          <Text as="p" variant="body-small" color="secondary">
            {t('settings.noChanges')}
          </Text>
        ) : (
          <div className={styles.changes} aria-live="polite">
            <ChangeList
              changes={changes}
              onChoose={
                props.view === 'form'
                  ? ({ field }) => showField(field.id)
                  : undefined
              }
            />
            <SettingsDiff model={model} from={model.saved} to={draft} />
          </div>
        )}
      </Panel>
    </div>
  );
}
