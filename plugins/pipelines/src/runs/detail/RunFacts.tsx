import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Tag, TagGroup } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { formatMetric } from './formatMetric';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import styles from './Facts.module.css';

/** What the run says of itself: its summary, its numbers, and what it was labelled with. */
export function RunFacts({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const labels = Object.entries(run.labels);
  return (
    <>
      {run.summary && (
        <Panel title={t('summary.text')}>
          <p className={styles.text}>{run.summary}</p>
        </Panel>
      )}
      {run.metrics.length > 0 && (
        <Panel title={t('summary.metrics')}>
          <dl className={styles.facts}>
            {run.metrics.map(({ name, value }) => (
              <Pair key={name} name={name} value={formatMetric(value)} />
            ))}
          </dl>
        </Panel>
      )}
      {run.note && (
        <Panel title={t('run.note')}>
          <p className={styles.text}>{run.note}</p>
        </Panel>
      )}
      {labels.length > 0 && (
        <Panel title={t('run.labels')}>
          <TagGroup aria-label={t('run.labels')}>
            {labels.map(([name, value]) => (
              <Tag key={name} id={name} textValue={`${name}=${value}`}>
                {`${name}=${value}`}
              </Tag>
            ))}
          </TagGroup>
        </Panel>
      )}
    </>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
