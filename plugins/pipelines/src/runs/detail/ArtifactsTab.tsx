import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Box,
  Button,
  ButtonIcon,
  Tooltip,
  TooltipTrigger,
} from '@backstage/ui';
import {
  isActiveRunState,
  type RunArtifact,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  ArtifactAccess,
  ArtifactDownload,
  ArtifactPreview,
  formatBytes,
  Named,
  PanelNotice,
  PanelState,
  TimeText,
  useRunArtifacts,
} from '@millrace/backstage-plugin-pipelines-react';
import {
  RiFileCopyLine,
  RiFileLine,
  RiFileMusicLine,
  RiFileTextLine,
  RiFilmLine,
  RiImageLine,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { useCopy } from '../../ui/useCopy';
import styles from './ArtifactsTab.module.css';

const ICONS = {
  image: RiImageLine,
  video: RiFilmLine,
  audio: RiFileMusicLine,
  text: RiFileTextLine,
};

const SHORT_HASH_LENGTH = 12;

/** The files of the run: to look at, to download, and to check by their hash. */
export function ArtifactsTab({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const artifacts = useRunArtifacts(run.id);
  return (
    <PanelState
      query={artifacts}
      skeleton="rows"
      skeletonCount={3}
      empty={items =>
        items.length === 0 ? <NoArtifacts run={run} /> : undefined
      }
    >
      {items => (
        <ArtifactAccess>
          <Box bg="neutral" className={styles.frame}>
            <ul className={styles.list} aria-label={t('artifacts.listLabel')}>
              {items.map(artifact => (
                <ArtifactItem
                  key={artifact.id}
                  artifact={artifact}
                  runId={run.id}
                  isOpenAtFirst={items.length === 1}
                />
              ))}
            </ul>
          </Box>
        </ArtifactAccess>
      )}
    </PanelState>
  );
}

function NoArtifacts({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { artifactsRemovedAt } = run;
  if (artifactsRemovedAt) {
    return (
      <PanelNotice kind="empty" title={t('artifacts.removedTitle')}>
        {t('artifacts.removed', { when: <TimeText at={artifactsRemovedAt} /> })}
      </PanelNotice>
    );
  }
  return (
    <PanelNotice kind="empty" title={t('artifacts.emptyTitle')}>
      {isActiveRunState(run.state)
        ? t('artifacts.emptyActive')
        : t('artifacts.empty')}
    </PanelNotice>
  );
}

function ArtifactItem(props: {
  artifact: RunArtifact;
  runId: string;
  isOpenAtFirst: boolean;
}) {
  const { artifact, runId } = props;
  const { name, mediaType, bytes, preview, createdAt } = artifact;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [isOpen, setOpen] = useState(props.isOpenAtFirst);
  const Icon = preview ? ICONS[preview] : RiFileLine;
  return (
    <li className={styles.item}>
      <div className={styles.row}>
        <Icon size={20} aria-hidden="true" />
        <div className={styles.what}>
          <span className={styles.name}>{name}</span>
          <span className={styles.facts}>
            <span>{mediaType}</span>
            <span>{formatBytes(bytes)}</span>
            <TimeText at={createdAt} />
            <Hash artifact={artifact} />
          </span>
        </div>
        {preview && (
          <Button
            variant="tertiary"
            aria-expanded={isOpen}
            onPress={() => setOpen(!isOpen)}
          >
            <Named name={t('artifacts.showOf', { name })}>
              {isOpen ? t('artifacts.hide') : t('artifacts.show')}
            </Named>
          </Button>
        )}
        <ArtifactDownload runId={runId} artifact={artifact} />
      </div>
      {isOpen && preview && (
        <div className={styles.preview}>
          <ArtifactPreview runId={runId} artifact={artifact} />
        </div>
      )}
    </li>
  );
}

function Hash({ artifact: { name, sha256 } }: { artifact: RunArtifact }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const copy = useCopy();
  return (
    <span className={styles.hash}>
      <code title={sha256}>{sha256.slice(0, SHORT_HASH_LENGTH)}…</code>
      <TooltipTrigger>
        <ButtonIcon
          size="small"
          variant="tertiary"
          icon={<RiFileCopyLine />}
          aria-label={t('artifacts.copySha', { name })}
          onPress={() => copy(sha256, t('artifacts.shaCopied'))}
        />
        <Tooltip>{t('artifacts.copySha', { name })}</Tooltip>
      </TooltipTrigger>
    </span>
  );
}
