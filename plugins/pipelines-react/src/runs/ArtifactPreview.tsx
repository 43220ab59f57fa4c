import { useEffect, useState, type ReactNode } from 'react';
import { ButtonLink } from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import { CookieAuthRefreshProvider } from '@backstage/plugin-auth-react';
import { ResponseError } from '@backstage/errors';
import { fetchApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import type { RunArtifact } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatBytes } from '../ui/format';
import { PanelNotice } from '../ui/PanelNotice';
import { PanelState } from '../ui/PanelState';
import { READING_TAB_STOP } from '../ui/tabStops';
import { contentPathOf, useArtifactUrl } from './useArtifactUrl';
import styles from './ArtifactPreview.module.css';

/** How much of a text is shown in place, bytes; the download has all of it. */
const TEXT_PREVIEW_BYTES = 256 * 1024;

/** Props of {@link ArtifactPreview} and {@link ArtifactDownload}. @public */
export interface ArtifactProps {
  runId: string;
  artifact: RunArtifact;
}

/**
 * Lets what is inside read files of runs: links, images and videos cannot send a token, so they
 * are read with the limited user cookie, which this keeps fresh.
 *
 * @public
 */
export function ArtifactAccess({ children }: { children: ReactNode }) {
  return (
    <CookieAuthRefreshProvider pluginId="pipelines">
      {children}
    </CookieAuthRefreshProvider>
  );
}

/**
 * A file of a run, shown in place: image, video, sound or text; inside {@link ArtifactAccess}.
 *
 * @public
 */
export function ArtifactPreview(props: ArtifactProps) {
  const t = useText();
  const { artifact } = props;
  if (artifact.preview === undefined) {
    return (
      <PanelNotice
        kind="empty"
        title={t('runs.artifact.noPreview', {
          mediaType: artifact.mediaType,
        })}
        action={<ArtifactDownload {...props} />}
      />
    );
  }
  if (artifact.preview === 'text') {
    return <TextPreview {...props} />;
  }
  return <MediaPreview {...props} />;
}

/** A link that saves a file of a run; inside {@link ArtifactAccess}. @public */
export function ArtifactDownload({ runId, artifact }: ArtifactProps) {
  const t = useText();
  const url = useArtifactUrl(runId, artifact.id);
  return (
    <ButtonLink
      size="small"
      variant="secondary"
      iconStart={<RiDownloadLine />}
      href={url}
      isDisabled={url === undefined}
      download={artifact.name}
      target="_blank"
    >
      {t('runs.artifact.download')}
    </ButtonLink>
  );
}

function MediaPreview({ runId, artifact }: ArtifactProps) {
  const t = useText();
  const url = useArtifactUrl(runId, artifact.id);
  const [failed, setFailed] = useState(false);
  useEffect(() => setFailed(false), [url]);
  const label = t('runs.artifact.previewOf', { name: artifact.name });
  if (failed) {
    return <PanelNotice kind="error" title={t('runs.artifact.failed')} />;
  }
  const Player = artifact.preview === 'audio' ? 'audio' : 'video';
  return (
    <div className={styles.media} onErrorCapture={() => setFailed(true)}>
      {url && artifact.preview === 'image' && <img src={url} alt={label} />}
      {url && artifact.preview !== 'image' && (
        <Player src={url} controls preload="metadata" aria-label={label} />
      )}
    </div>
  );
}

function TextPreview({ runId, artifact }: ArtifactProps) {
  const t = useText();
  const fetchApi = useApi(fetchApiRef);
  const query = useQuery({
    queryKey: ['pipelines', 'artifact-text', runId, artifact.id],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const response = await fetchApi.fetch(
        `plugin://pipelines${contentPathOf(runId, artifact.id)}`,
        {
          signal,
          headers: { Range: `bytes=0-${TEXT_PREVIEW_BYTES - 1}` },
        },
      );
      if (!response.ok) {
        throw await ResponseError.fromResponse(response);
      }
      return (await response.text()).slice(0, TEXT_PREVIEW_BYTES);
    },
    // An empty file has no first byte, so a range of it cannot be answered.
    enabled: artifact.bytes > 0,
    initialData: artifact.bytes > 0 ? undefined : '',
  });
  return (
    <PanelState query={query} permission="pipelines.run.read">
      {text => (
        <>
          <pre
            className={styles.text}
            aria-label={t('runs.artifact.previewOf', { name: artifact.name })}
            tabIndex={READING_TAB_STOP}
          >
            {text}
          </pre>
          {artifact.bytes > TEXT_PREVIEW_BYTES && (
            <p className={styles.cut}>
              {t('runs.artifact.cut', {
                shown: formatBytes(TEXT_PREVIEW_BYTES),
                total: formatBytes(artifact.bytes),
              })}
            </p>
          )}
        </>
      )}
    </PanelState>
  );
}
