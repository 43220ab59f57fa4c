import type { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  DiffView,
  useSettingTexts,
  type SettingChange,
  type SettingsDraft,
  type SettingsModel,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './SettingsDiff.module.css';

/** What {@link SettingsDiff} compares. */
export interface SettingsDiffProps {
  model: SettingsModel;
  from: SettingsDraft;
  to: SettingsDraft;
  fromLabel?: string;
  toLabel?: string;
  /** Drawn where both hold the same; by default nothing. */
  same?: ReactNode;
}

/** What holds with one draft and with another, setting by setting. */
export function SettingsDiff(props: SettingsDiffProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useSettingTexts();
  const { model, from, to } = props;
  const nameOf = (path: string) => {
    const field = model.fields.find(
      ({ id }) => path === id || path.startsWith(`${id}.`),
    );
    if (!field) {
      return path;
    }
    const within = path.slice(field.id.length + 1);
    return [texts.label(field), within].filter(Boolean).join(': ');
  };
  return (
    <DiffView
      before={model.effectiveOf(from)}
      after={model.effectiveOf(to)}
      label={t('settings.diff')}
      beforeLabel={props.fromLabel ?? t('settings.saved')}
      afterLabel={props.toLabel ?? t('settings.draft')}
      nameOf={nameOf}
      same={props.same ?? <></>}
    />
  );
}

/** A sentence for each change; with `onChoose` a button that leads to its field. */
export function ChangeList(props: {
  changes: readonly SettingChange[];
  onChoose?(change: SettingChange): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useSettingTexts();
  const { changes, onChoose } = props;
  return (
    <ul className={styles.changes}>
      {changes.map(change => (
        <li key={change.field.id}>
          {onChoose ? (
            <button
              type="button"
              className={styles.change}
              title={t('settings.goTo')}
              onClick={() => onChoose(change)}
            >
              {texts.change(change)}
            </button>
          ) : (
            texts.change(change)
          )}
        </li>
      ))}
    </ul>
  );
}
