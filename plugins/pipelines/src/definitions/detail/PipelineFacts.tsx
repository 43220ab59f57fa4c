import type { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  PipelineSettingsSchema,
  type Pipeline,
  type PipelineSettings,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  formatNumber,
  useSettings,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { usePageLinks } from '../../ui/usePageLinks';
import styles from '../../runs/detail/Facts.module.css';

/** What a pipeline is executed by and how far it may go, with the limits that hold now. */
export function PipelineFacts({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = usePageLinks();
  const facts = useFacts(pipeline);
  return (
    <Panel
      title={t('pipeline.facts.title')}
      aside={
        <Link href={links.pipeline(pipeline.id, '?tab=settings')}>
          {t('pipeline.facts.edit')}
        </Link>
      }
    >
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <Pair key={name} name={name} value={value} />
        ))}
      </dl>
    </Panel>
  );
}

function Pair({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function useFacts(pipeline: Pipeline): [name: string, value: ReactNode][] {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const limits = useEffectiveSettings(pipeline.id);
  const { maxAttempts, settingsRevision } = pipeline;
  const seconds = (value: number | null | undefined) =>
    typeof value === 'number'
      ? formatDuration(value * 1_000)
      : t('pipeline.facts.none');
  const days = (value: number | undefined) =>
    value === undefined
      ? undefined
      : t('pipeline.facts.days', { count: value });
  const facts: [name: string, value: ReactNode][] = [
    [t('pipeline.facts.id'), <code key="id">{pipeline.id}</code>],
    [t('pipeline.facts.engine'), pipeline.engine],
    [t('pipeline.facts.version'), pipeline.version],
    [t('pipeline.facts.concurrency'), <Concurrency key="c" of={pipeline} />],
    [
      t('pipeline.facts.promise'),
      maxAttempts > 1
        ? t('pipeline.facts.promiseRetry', { max: formatNumber(maxAttempts) })
        : t('pipeline.facts.promiseOnce'),
    ],
    [
      t('pipeline.facts.resumable'),
      pipeline.resumableSteps ? t('pipeline.facts.resumableSteps') : undefined,
    ],
    [t('pipeline.facts.timeout'), seconds(pipeline.timeoutSeconds)],
    [
      t('pipeline.facts.queueTimeout'),
      limits && seconds(limits.queueTimeoutSeconds),
    ],
    [
      t('pipeline.facts.noOutputTimeout'),
      limits && seconds(limits.noOutputTimeoutSeconds),
    ],
    [t('pipeline.facts.grace'), seconds(pipeline.stopGraceSeconds)],
    [t('pipeline.facts.logs'), days(limits?.retention?.logDays)],
    [t('pipeline.facts.artifacts'), days(limits?.retention?.artifactDays)],
    [
      t('pipeline.facts.revision'),
      settingsRevision > 0
        ? t('pipeline.facts.revisionValue', {
            revision: String(settingsRevision),
          })
        : t('pipeline.facts.notEdited'),
    ],
  ];
  return facts.filter(([, value]) => value !== undefined);
}

function Concurrency({ of }: { of: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { limit, perKey, key } = of.concurrency ?? {};
  return (
    <>
      {limit === undefined ? t('pipeline.facts.noLimit') : formatNumber(limit)}
      {perKey !== undefined && (
        <>
          {', '}
          {t('pipeline.facts.perKey', {
            number: formatNumber(perKey),
            key: key ?? '',
          })}
        </>
      )}
    </>
  );
}

/** The settings that hold; undefined while they are not known, or are of another release. */
function useEffectiveSettings(
  pipelineId: string,
): PipelineSettings | undefined {
  const { data } = useSettings(pipelineId);
  const read = PipelineSettingsSchema.safeParse(data?.effective);
  return read.success ? read.data : undefined;
}
