import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Link } from '@backstage/ui';
import type {
  FolderWatch,
  WatchedFile,
  WatchRule,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatBytes,
  formatDuration,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiHourglassLine,
  RiQuestionLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { StackedTable } from '../../ui/StackedTable';
import { OnOff, Trigger } from './TriggersPanel';
import styles from './TriggersPanel.module.css';

const FILE_ICONS: Record<WatchedFile['state'], RemixiconComponentType> = {
  growing: RiHourglassLine,
  submitted: RiCheckboxCircleFill,
  unmatched: RiQuestionLine,
  refused: RiCloseCircleFill,
};

/** A watched folder: its rules, whether it works, and what became of its last files. */
export function WatchTrigger({ watch }: { watch: FolderWatch }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id, folder, enabled, problem, stableSeconds, rules, files } = watch;
  return (
    <Trigger
      title={t('pipeline.triggers.watch', { id })}
      aside={<OnOff isOn={enabled} />}
    >
      <div className={styles.line}>
        <code className={styles.path}>{folder}</code>
        <span className={styles.weak}>
          {t('pipeline.triggers.stable', {
            duration: formatDuration(stableSeconds * 1_000),
          })}
        </span>
      </div>
      {problem && <Alert status="danger" icon description={problem} />}
      <Rules rules={rules} />
      {files.length === 0 ? (
        <p className={styles.text}>{t('pipeline.triggers.noFiles')}</p>
      ) : (
        <Files files={files} />
      )}
    </Trigger>
  );
}

function Rules({ rules }: { rules: readonly WatchRule[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <StackedTable
      label={t('pipeline.triggers.rules')}
      heads={[
        t('pipeline.triggers.glob'),
        t('pipeline.triggers.values'),
        t('pipeline.triggers.input'),
      ]}
      rows={rules.map((rule, index) => ({
        key: String(index),
        cells: [
          <code key="glob" className={styles.path}>
            {rule.glob}
          </code>,
          Object.keys(rule.parameters).length > 0 && (
            <Values key="values" of={rule.parameters} />
          ),
          rule.deleteInput
            ? t('pipeline.triggers.deleteInput')
            : t('pipeline.triggers.keepInput'),
        ],
      }))}
    />
  );
}

function Values({ of }: { of: Readonly<Record<string, unknown>> }) {
  return (
    <>
      {Object.entries(of).map(([name, value]) => (
        <code key={name} className={styles.message}>
          {name}={typeof value === 'string' ? value : JSON.stringify(value)}
        </code>
      ))}
    </>
  );
}

function Files({ files }: { files: readonly WatchedFile[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const title = t('pipeline.triggers.files');
  return (
    <>
      <h5 className={styles.subtitle}>{title}</h5>
      <StackedTable
        label={title}
        heads={[
          t('pipeline.triggers.file'),
          t('pipeline.triggers.size'),
          t('pipeline.triggers.changed'),
          t('pipeline.triggers.fileState'),
        ]}
        rows={files.map(file => ({
          key: `${file.path} ${file.seenAt}`,
          cells: [
            <code key="path" className={styles.path}>
              {file.path}
            </code>,
            formatBytes(file.bytes),
            <TimeText key="changed" at={file.modifiedAt} />,
            <FileState key="state" file={file} />,
          ],
        }))}
      />
    </>
  );
}

function FileState({ file }: { file: WatchedFile }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const Icon = FILE_ICONS[file.state];
  return (
    <>
      <span className={styles.sign}>
        <Icon size={14} aria-hidden />
        {t(`pipeline.triggers.${file.state}`)}
        {file.runId && (
          <Link href={links.run(file.runId)} variant="body-small">
            {t('pipeline.triggers.openRun')}
          </Link>
        )}
      </span>
      {file.message && <span className={styles.message}>{file.message}</span>}
    </>
  );
}
