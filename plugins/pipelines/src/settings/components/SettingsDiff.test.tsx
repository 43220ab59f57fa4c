import { screen, within } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { buildOpenApi } from '@millrace/backstage-plugin-pipelines-common';
import { settingsModelOf } from '@millrace/backstage-plugin-pipelines-react';
import { SettingsDiff } from './SettingsDiff';

const { PipelineSettings } = (
  buildOpenApi('0').components as {
    schemas: Record<string, Record<string, unknown>>;
  }
).schemas;

it('calls settings by their titles, also where the configuration says nothing of their group', async () => {
  const model = settingsModelOf({
    revision: 0,
    patch: {},
    configured: { retention: { logDays: 30 } },
    effective: {},
    schema: PipelineSettings,
  });
  renderInTestApp(
    <SettingsDiff
      model={model}
      from={model.saved}
      to={model.draftOf({
        retry: { maxAttempts: 3 },
        retention: { logDays: 7 },
        schedule: { cron: '0 6 * * *', enabled: false },
      })}
    />,
  );
  const table = await screen.findByRole('table');
  const names = within(table)
    .getAllByRole('rowheader')
    .map(({ textContent }) => textContent);
  expect(names.sort()).toEqual([
    'Attempts',
    'Cron',
    'Logs',
    'Starts by its schedule',
  ]);
});
