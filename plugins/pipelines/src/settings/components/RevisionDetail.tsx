import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  JsonView,
  PanelNotice,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import {
  RestoreButton,
  RevisionFacts,
  type RevisionViewProps,
} from './RevisionsDrawer';
import styles from './RevisionsDrawer.module.css';
import { SettingsDiff } from './SettingsDiff';

/** What stands for the configuration where a revision is chosen to compare with. */
const APP_CONFIG = 'app-config';

/** One revision: what was edited, and how it differs from another or from app-config. */
export function RevisionDetail(props: RevisionViewProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { revisions, url, model } = props;
  const revision = revisions.find(one => one.revision === url.revision);
  if (!revision) {
    return (
      <PanelNotice
        kind="notFound"
        title={t('settings.drawer.missing', {
          revision: String(url.revision),
        })}
      />
    );
  }
  const nameOf = (number: number) =>
    t('settings.drawer.revision', { revision: String(number) });
  const others = revisions.filter(one => one !== revision);
  const before = others.find(one => one.revision === revision.revision - 1);
  const usual = before ? String(before.revision) : APP_CONFIG;
  const against =
    others.find(one => String(one.revision) === (url.against ?? usual)) ??
    undefined;
  const otherName = against
    ? nameOf(against.revision)
    : t('settings.drawer.appConfig');
  return (
    <div className={styles.detail}>
      <RevisionFacts {...props} revision={revision} />
      <div>
        <RestoreButton {...props} revision={revision} />
      </div>
      <label className={styles.choice}>
        <span>{t('settings.drawer.against')}</span>
        {/* Part of the drawer itself: a list that opens above it would lose its focus to it. */}
        <select
          value={against ? String(against.revision) : APP_CONFIG}
          onChange={({ target: { value } }) =>
            url.compareWith(value === usual ? undefined : value)
          }
        >
          {others.map(one => (
            <option key={one.revision} value={String(one.revision)}>
              {nameOf(one.revision)}
            </option>
          ))}
          <option value={APP_CONFIG}>{t('settings.drawer.appConfig')}</option>
        </select>
      </label>
      <section
        aria-label={t('settings.drawer.diff', { other: otherName })}
        className={styles.part}
      >
        <h4 className={styles.subtitle}>
          {t('settings.drawer.diff', { other: otherName })}
        </h4>
        <SettingsDiff
          model={model}
          from={model.draftOf(against?.patch ?? {})}
          to={model.draftOf(revision.patch)}
          fromLabel={otherName}
          toLabel={nameOf(revision.revision)}
          same={<p className={styles.note}>{t('settings.drawer.same')}</p>}
        />
      </section>
      <section className={styles.part}>
        <h4 className={styles.subtitle}>{t('settings.drawer.document')}</h4>
        <JsonView
          value={revision.patch}
          label={t('settings.drawer.document')}
          openLevels={3}
        />
      </section>
    </div>
  );
}
