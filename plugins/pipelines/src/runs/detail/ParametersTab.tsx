import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  JsonView,
  PanelNotice,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import styles from './FactsTable.module.css';

/** What the run was submitted with, as a table or as JSON. */
export function ParametersTab({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [view, setView] = useState<'table' | 'json'>('table');
  const entries = Object.entries(run.parameters);
  if (entries.length === 0) {
    return (
      <PanelNotice kind="empty" title={t('parameters.emptyTitle')}>
        {t('parameters.empty')}
      </PanelNotice>
    );
  }
  return (
    <Panel
      title={t('parameters.listLabel')}
      aside={
        <ToggleButtonGroup
          aria-label={t('parameters.view')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={keys =>
            setView(keys.has('json') ? 'json' : 'table')
          }
        >
          <ToggleButton id="table">{t('parameters.table')}</ToggleButton>
          <ToggleButton id="json">{t('parameters.json')}</ToggleButton>
        </ToggleButtonGroup>
      }
    >
      {view === 'json' ? (
        <JsonView value={run.parameters} label={t('parameters.listLabel')} />
      ) : (
        <ParametersTable entries={entries} />
      )}
    </Panel>
  );
}

function ParametersTable({ entries }: { entries: [string, unknown][] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <table className={styles.facts}>
      <thead>
        <tr>
          <th scope="col">{t('parameters.name')}</th>
          <th scope="col">{t('parameters.value')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <code className={styles.value}>{textOf(value)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
