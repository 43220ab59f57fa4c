import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { RunTrigger } from '@millrace/backstage-plugin-pipelines-common';
import {
  RiCalendarScheduleLine,
  RiFolderReceivedLine,
  RiGitMergeLine,
  RiPlugLine,
  RiRestartLine,
  RiSettings3Line,
  RiUploadCloud2Line,
  RiUserLine,
  RiWebhookLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../translation';
import styles from './TriggerSign.module.css';

const ICONS: Record<RunTrigger, RemixiconComponentType> = {
  manual: RiUserLine,
  api: RiPlugLine,
  schedule: RiCalendarScheduleLine,
  retry: RiRestartLine,
  folder: RiFolderReceivedLine,
  webhook: RiWebhookLine,
  after: RiGitMergeLine,
  system: RiSettings3Line,
  outside: RiUploadCloud2Line,
};

/** What caused a run, as an icon whose name is the text. */
export function TriggerSign({ trigger }: { trigger: RunTrigger }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const text = t(`trigger.${trigger}` as const);
  const Icon = ICONS[trigger];
  return (
    <span className={styles.sign} role="img" aria-label={text} title={text}>
      <Icon size={16} />
    </span>
  );
}
