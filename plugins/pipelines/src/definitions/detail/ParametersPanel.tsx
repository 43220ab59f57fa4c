import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PanelNotice } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { StackedTable } from '../../ui/StackedTable';
import styles from './ParametersPanel.module.css';
import { parameterRows, type ParameterRow } from './parameterRows';

/** What a pipeline takes, as its JSON Schema says. */
export function ParametersPanel(props: {
  schema: Readonly<Record<string, unknown>>;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const rows = parameterRows(props.schema);
  const title = t('pipeline.parameters.title');
  if (rows.length === 0) {
    return (
      <Panel title={title}>
        <PanelNotice kind="empty" title={t('pipeline.parameters.empty')} />
      </Panel>
    );
  }
  return (
    <Panel title={title}>
      <StackedTable
        label={title}
        heads={[
          t('pipeline.parameters.name'),
          t('pipeline.parameters.type'),
          t('pipeline.parameters.default'),
          t('pipeline.parameters.description'),
        ]}
        rows={rows.map(row => ({
          key: row.name,
          cells: [
            <Name key="name" row={row} />,
            row.type,
            row.default !== undefined && (
              <code key="default" className={styles.value}>
                {row.default}
              </code>
            ),
            row.description,
          ],
        }))}
      />
    </Panel>
  );
}

function Name({ row }: { row: ParameterRow }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <>
      <code className={styles.value}>{row.name}</code>
      {row.isRequired && (
        <span className={styles.mark}>{t('pipeline.parameters.required')}</span>
      )}
      {row.isSecret && (
        <span className={styles.mark}>{t('pipeline.parameters.secret')}</span>
      )}
    </>
  );
}
