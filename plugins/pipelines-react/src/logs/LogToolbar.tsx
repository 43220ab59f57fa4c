import { useState } from 'react';
import { Button, ButtonIcon, ToggleButton } from '@backstage/ui';
import {
  RiArrowDownLine,
  RiArrowDownSLine,
  RiArrowUpSLine,
  RiDownloadLine,
  RiFullscreenLine,
  RiTextWrap,
  RiTimeLine,
} from '@remixicon/react';
import { messageOf } from '../api/errors';
import { useText } from '../translation/useText';
import type { LogDownload } from './useLogDownload';
import styles from './LogToolbar.module.css';

/** Props of {@link LogToolbar}. @internal */
export interface LogToolbarProps {
  /** The box that the tools work on. */
  boxId: string;
  wrap: boolean;
  onWrapChange(wrap: boolean): void;
  timestamps: boolean;
  onTimestampsChange(timestamps: boolean): void;
  fullScreen: boolean;
  onFullScreenChange(fullScreen: boolean): void;
  following: boolean;
  onFollow(): void;
  /** Lines that say they are errors. */
  errorCount: number;
  onStepError(direction: 'next' | 'previous'): void;
  download: LogDownload;
  /** A line number, counted from 1. */
  onGoTo(line: number): void;
}

/** What can be done with a log. @internal */
export function LogToolbar(props: LogToolbarProps) {
  const t = useText();
  const { download, busy, error } = props.download;
  return (
    <div
      className={styles.toolbar}
      role="toolbar"
      aria-label={t('logs.viewer.toolbar')}
      aria-controls={props.boxId}
      title={t('logs.viewer.keys')}
    >
      <GoToLine onGoTo={props.onGoTo} />
      {props.errorCount > 0 && (
        <span className={styles.errors}>
          <Button
            size="small"
            variant="tertiary"
            iconStart={<RiArrowDownSLine />}
            onPress={() => props.onStepError('next')}
          >
            {t('logs.find.nextError')}
          </Button>
          <ButtonIcon
            size="small"
            variant="tertiary"
            icon={<RiArrowUpSLine />}
            aria-label={t('logs.find.previousError')}
            onPress={() => props.onStepError('previous')}
          />
        </span>
      )}
      <span className={styles.space} />
      {error !== undefined && (
        <span role="alert" className={styles.error}>
          {t('logs.viewer.downloadFailed', { message: messageOf(error) })}
        </span>
      )}
      <ToggleButton
        size="small"
        iconStart={<RiArrowDownLine />}
        isSelected={props.following}
        onChange={selected => selected && props.onFollow()}
      >
        {t('logs.viewer.follow')}
      </ToggleButton>
      <ToggleButton
        size="small"
        iconStart={<RiTextWrap />}
        isSelected={props.wrap}
        onChange={props.onWrapChange}
      >
        {t('logs.viewer.wrap')}
      </ToggleButton>
      <ToggleButton
        size="small"
        iconStart={<RiTimeLine />}
        isSelected={props.timestamps}
        onChange={props.onTimestampsChange}
      >
        {t('logs.viewer.timestamps')}
      </ToggleButton>
      <ToggleButton
        size="small"
        iconStart={<RiFullscreenLine />}
        isSelected={props.fullScreen}
        onChange={props.onFullScreenChange}
      >
        {t('logs.viewer.fullScreen')}
      </ToggleButton>
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiDownloadLine />}
        isPending={busy}
        onPress={download}
      >
        {t('logs.viewer.download')}
      </Button>
    </div>
  );
}

function GoToLine({ onGoTo }: { onGoTo(line: number): void }) {
  const t = useText();
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        const line = Number.parseInt(text, 10);
        if (Number.isFinite(line)) {
          onGoTo(line);
        }
      }}
    >
      <input
        className={styles.goTo}
        type="text"
        inputMode="numeric"
        pattern="[0-9]*"
        aria-label={t('logs.viewer.goTo')}
        placeholder={t('logs.viewer.goTo')}
        value={text}
        onChange={event => setText(event.target.value.replace(/\D/g, ''))}
      />
    </form>
  );
}
