import Drawer from '@material-ui/core/Drawer';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box, Button, ButtonIcon } from '@backstage/ui';
import type {
  Settings,
  SettingsRevision,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  settingsModelOf,
  TimeText,
  useSettingsRevisions,
  useSettingTexts,
  type SettingsModel,
  type SettingsScope,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowLeftLine, RiCloseLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { GatedButton } from '../../ui/GatedButton';
import type { PipelineAccess } from '../../ui/usePipelineAccess';
import type { SettingsUrl } from '../useSettingsUrl';
import { RevisionDetail } from './RevisionDetail';
import styles from './RevisionsDrawer.module.css';

/** What {@link RevisionsDrawer} shows. */
export interface RevisionsDrawerProps {
  scope: SettingsScope;
  newest: Settings;
  url: SettingsUrl;
  access: PipelineAccess;
  onRestore(revision: SettingsRevision): void;
}

/** Who changed what and when; each revision can be looked at, compared and restored. */
export function RevisionsDrawer(props: RevisionsDrawerProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { url } = props;
  return (
    <Drawer
      anchor="right"
      open={url.isListing}
      onClose={url.close}
      classes={{ paper: styles.paper }}
      PaperProps={{
        role: 'dialog',
        'aria-label': t('settings.drawer.title'),
      }}
    >
      <div className={styles.head}>
        {url.revision !== undefined && (
          <ButtonIcon
            variant="tertiary"
            icon={<RiArrowLeftLine />}
            aria-label={t('settings.drawer.back')}
            onPress={() => url.open()}
          />
        )}
        <h3 className={styles.title}>
          {url.revision === undefined
            ? t('settings.drawer.title')
            : t('settings.drawer.revision', {
                revision: String(url.revision),
              })}
        </h3>
        <ButtonIcon
          variant="tertiary"
          icon={<RiCloseLine />}
          aria-label={t('settings.drawer.close')}
          onPress={url.close}
        />
      </div>
      <Box bg="neutral" className={styles.content}>
        {url.isListing && <Revisions {...props} />}
      </Box>
    </Drawer>
  );
}

function Revisions(props: RevisionsDrawerProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { scope, newest, url } = props;
  const query = useSettingsRevisions(scope);
  const revisions = query.data?.pages.flatMap(({ items }) => items);
  return (
    <PanelState
      query={{ ...query, data: revisions }}
      skeleton="rows"
      skeletonCount={5}
      empty={items =>
        items.length === 0 ? (
          <PanelNotice kind="empty" title={t('settings.drawer.emptyTitle')}>
            {t('settings.drawer.empty')}
          </PanelNotice>
        ) : undefined
      }
    >
      {items => {
        const model = settingsModelOf(
          newest,
          items.map(({ patch }) => patch),
        );
        return url.revision === undefined ? (
          <>
            <RevisionList {...props} revisions={items} model={model} />
            {query.hasNextPage && (
              <div className={styles.more}>
                <Button
                  variant="secondary"
                  isPending={query.isFetchingNextPage}
                  onPress={() => query.fetchNextPage()}
                >
                  {t('settings.drawer.more')}
                </Button>
              </div>
            )}
          </>
        ) : (
          <RevisionDetail {...props} revisions={items} model={model} />
        );
      }}
    </PanelState>
  );
}

/** What both views of the drawer are given. */
export interface RevisionViewProps extends RevisionsDrawerProps {
  /** Those that were read, newest first. */
  revisions: readonly SettingsRevision[];
  model: SettingsModel;
}

function RevisionList(props: RevisionViewProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { revisions, url } = props;
  return (
    <ol className={styles.list} aria-label={t('settings.drawer.title')}>
      {revisions.map(revision => (
        <li key={revision.revision} className={styles.item}>
          <RevisionFacts {...props} revision={revision} />
          <div className={styles.actions}>
            <Button
              size="small"
              variant="secondary"
              aria-label={t('settings.drawer.openOf', {
                revision: String(revision.revision),
              })}
              onPress={() => url.open(revision.revision)}
            >
              {t('settings.drawer.open')}
            </Button>
            <RestoreButton {...props} revision={revision} />
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Number, author, time, note and changed settings of a revision. */
export function RevisionFacts(
  props: RevisionViewProps & { revision: SettingsRevision },
) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useSettingTexts();
  const { revision, newest, model } = props;
  const names = revision.changed.flatMap(path => {
    const fields = model.fields.filter(
      ({ id }) =>
        path === id || path.startsWith(`${id}.`) || id.startsWith(`${path}.`),
    );
    return fields.length > 0 ? fields.map(texts.label) : path;
  });
  return (
    <div className={styles.facts}>
      <div className={styles.line}>
        <strong>
          {t('settings.drawer.revision', {
            revision: String(revision.revision),
          })}
        </strong>
        {revision.revision === newest.revision && (
          <span className={styles.tag}>{t('settings.drawer.current')}</span>
        )}
        {revision.restored !== undefined && (
          <span className={styles.tag}>
            {t('settings.drawer.restored', {
              revision: String(revision.restored),
            })}
          </span>
        )}
      </div>
      <div className={styles.line}>
        <ActorName actor={revision.author} />
        <TimeText at={revision.at} />
      </div>
      {revision.note && <p className={styles.note}>{revision.note}</p>}
      <span className={styles.changed}>
        {t('settings.drawer.changed', { fields: names.join(', ') || '–' })}
      </span>
    </div>
  );
}

/** Restores a revision; nothing for the one that holds. */
export function RestoreButton(
  props: RevisionViewProps & { revision: SettingsRevision },
) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { revision, newest, access, onRestore } = props;
  if (revision.revision === newest.revision) {
    return null;
  }
  return (
    <GatedButton
      access={access}
      size="small"
      variant="secondary"
      aria-label={t('settings.drawer.restoreOf', {
        revision: String(revision.revision),
      })}
      onPress={() => onRestore(revision)}
    >
      {t('settings.drawer.restore')}
    </GatedButton>
  );
}
