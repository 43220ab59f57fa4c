import { useState } from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  buildOpenApi,
  type Settings,
} from '@millrace/backstage-plugin-pipelines-common';
import { problemsOfDraft } from './settingProblems';
import type { SettingsDraft } from './settingsDraft';
import { SettingsForm } from './SettingsForm';
import { SettingsJson } from './SettingsJson';
import { settingsModelOf } from './settingsModel';
import { valueAt, type JsonObject } from './values';

const SETTINGS: Settings = {
  revision: 7,
  patch: { concurrency: { limit: 4 } },
  configured: {
    concurrency: { limit: 2 },
    schedule: {
      cron: '0 6 * * *',
      timezone: 'UTC',
      missed: 'once',
      enabled: true,
    },
    timeoutSeconds: 1_800,
  },
  effective: {},
  schema: valueAt(buildOpenApi('0'), [
    'components',
    'schemas',
    'PipelineSettings',
  ]) as JsonObject,
};

const last: { patch?: JsonObject; isBroken?: boolean } = {};

function Harness(props: {
  view?: 'json';
  isReadOnly?: boolean;
  configured?: JsonObject;
}) {
  const { configured = SETTINGS.configured } = props;
  const model = settingsModelOf({ ...SETTINGS, configured });
  const [draft, setDraft] = useState<SettingsDraft>(model.saved);
  const shared = {
    ...model,
    draft,
    problems: problemsOfDraft({ ...model, draft, emptied: 'Give a value' }),
    isReadOnly: props.isReadOnly,
    onChange: (cells: SettingsDraft) => {
      const next = { ...draft, ...cells };
      last.patch = model.patchOf(next);
      setDraft(next);
    },
  };
  return props.view === 'json' ? (
    <SettingsJson
      {...shared}
      onBroken={isBroken => {
        last.isBroken = isBroken;
      }}
    />
  ) : (
    <SettingsForm {...shared} revisionOf={() => 7} />
  );
}

const group = async (name: string) => screen.findByRole('region', { name });

it('shows what holds, where it comes from, and what app-config says beside an edited value', async () => {
  renderInTestApp(<Harness />);
  const limits = await group('Limits and retries');
  expect(
    within(limits).getByRole('textbox', { name: 'Runs at once' }),
  ).toHaveValue('4');
  expect(within(limits).getByText('edited in rev 7')).toBeVisible();
  expect(within(limits).getByText('app-config says 2 runs')).toBeVisible();

  const schedule = await group('Schedule');
  expect(within(schedule).getByLabelText('Cron')).toHaveValue('0 6 * * *');
  expect(within(schedule).getByText('At 06:00')).toBeVisible();
  expect(within(schedule).getAllByText('app-config')).toHaveLength(4);

  const timeouts = await group('Timeouts');
  expect(within(timeouts).getByText('= 30 m 00 s')).toBeVisible();
});

it('takes values, and gives them back to app-config', async () => {
  renderInTestApp(<Harness />);
  const limits = await group('Limits and retries');
  const limit = within(limits).getByRole('textbox', { name: 'Runs at once' });
  await userEvent.clear(limit);
  await userEvent.type(limit, '6');
  await userEvent.tab();
  await waitFor(() =>
    expect(last.patch).toEqual({ concurrency: { limit: 6 } }),
  );
  expect(within(limits).getByText('changed, not saved')).toBeVisible();

  await userEvent.click(
    within(limits).getByRole('button', {
      name: 'Reset Runs at once to app-config',
    }),
  );
  await waitFor(() => expect(last.patch).toEqual({}));
  expect(limit).toHaveValue('2');
});

it('removes a whole schedule and brings it back', async () => {
  renderInTestApp(<Harness />);
  const schedule = await group('Schedule');
  await userEvent.click(
    within(schedule).getByRole('button', { name: 'Remove the schedule' }),
  );
  expect(last.patch).toMatchObject({ schedule: null });
  expect(within(schedule).queryByLabelText('Cron')).toBeNull();
  await userEvent.click(
    within(schedule).getByRole('button', { name: 'Bring back' }),
  );
  expect(within(schedule).getByLabelText('Cron')).toHaveValue('0 6 * * *');
});

it('says what is wrong at the field, and keeps a cleared one cleared', async () => {
  renderInTestApp(<Harness />);
  const schedule = await group('Schedule');
  const cron = within(schedule).getByLabelText('Cron');
  await userEvent.clear(cron);
  expect(await within(schedule).findByText('Give a value')).toBeVisible();
  expect(cron).toHaveValue('');
  expect(cron).toBeInvalid();
  await userEvent.type(cron, '5 6 * * *');
  await waitFor(() =>
    expect(last.patch).toMatchObject({ schedule: { cron: '5 6 * * *' } }),
  );
  expect(within(schedule).queryByText('Give a value')).toBeNull();
});

it('lets nobody type who may not', async () => {
  renderInTestApp(<Harness isReadOnly />);
  const schedule = await group('Schedule');
  expect(within(schedule).getByLabelText('Cron')).toBeDisabled();
  expect(screen.queryByRole('button', { name: /^Reset/ })).toBeNull();
});

it('takes JSON, and names settings that there are not', async () => {
  renderInTestApp(<Harness view="json" />);
  const json = await screen.findByRole('textbox', {
    name: 'Edited settings (JSON)',
  });
  expect(JSON.parse((json as HTMLTextAreaElement).value)).toEqual(
    SETTINGS.patch,
  );
  const write = async (text: string) => {
    await userEvent.clear(json);
    await userEvent.paste(text);
  };
  await write('{"retry": {"maxAttempt": 3}}');
  expect(
    await screen.findByText("There is no setting 'retry.maxAttempt'."),
  ).toBeVisible();
  expect(last.isBroken).toBe(true);

  await write('{"timeoutSeconds": 0}');
  expect(await screen.findByText('timeoutSeconds: must be >= 1')).toBeVisible();

  await write('{"timeoutSeconds": null, "schedule": null}');
  await waitFor(() =>
    expect(last.patch).toEqual({ timeoutSeconds: null, schedule: null }),
  );
  expect(last.isBroken).toBe(false);
});

it('asks nothing about a schedule that there is not, until one is added', async () => {
  renderInTestApp(<Harness configured={{ timeoutSeconds: 1_800 }} />);
  const schedule = await group('Schedule');
  expect(
    within(schedule).getByText(/nothing starts it at fixed times/),
  ).toBeVisible();
  expect(within(schedule).queryByLabelText('Cron')).toBeNull();
  expect(within(schedule).queryByRole('switch')).toBeNull();

  await userEvent.click(
    within(schedule).getByRole('button', { name: 'Add a schedule' }),
  );
  const cron = within(schedule).getByLabelText('Cron');
  await userEvent.type(cron, '0 6 * * *');
  await waitFor(() =>
    expect(last.patch).toMatchObject({ schedule: { cron: '0 6 * * *' } }),
  );
  await userEvent.clear(cron);
  expect(within(schedule).getByLabelText('Cron')).toBeVisible();
});
