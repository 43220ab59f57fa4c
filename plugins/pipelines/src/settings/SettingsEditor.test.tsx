import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend, FakeFailure } from '../../dev/fake/FakeBackend';
import { editDemoSettings } from '../../dev/fake/FakeSettings';
import { demoPipelines } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const DAY_MS = 86_400_000;
const PIPELINE = 'ingest-meetings';
const SETTINGS = `/pipelines/definitions/${PIPELINE}?tab=settings`;

function usualBackend() {
  const backend = new FakeBackend({ pipelines: demoPipelines() });
  editDemoSettings(backend.settings);
  return backend;
}

const open = (backend: FakeBackend, path = SETTINGS) =>
  renderPages({ path, backend });

const region = (name: string) => screen.findByRole('region', { name });

const field = async (group: string, name: string) =>
  within(await region(group)).findByRole('textbox', { name });

async function type(group: string, name: string, text: string) {
  const input = await field(group, name);
  await userEvent.clear(input);
  await userEvent.type(input, text);
  await userEvent.tab();
}

const saveButton = () => screen.getByRole('button', { name: 'Save…' });

/** The person and the live updates both read again. */
const readAgain = () => userEvent.keyboard('r');

describe('SettingsEditor', () => {
  it('says of each change what it means, and saves it with a note', async () => {
    const backend = usualBackend();
    open(backend);
    expect(await screen.findByText('edited in rev 1')).toBeVisible();
    expect(screen.getByText('edited in rev 3')).toBeVisible();
    expect(saveButton()).toBeDisabled();

    await type('Limits and retries', 'Runs at once', '4');
    const changes = await region('Changes');
    expect(
      await within(changes).findByRole('button', {
        name: 'At most 4 runs at once, was 2; takes effect with the next claim.',
      }),
    ).toBeVisible();
    const row = within(changes).getByRole('row', { name: /Runs at once/ });
    expect(within(row).getByText('2')).toBeVisible();
    expect(within(row).getByText('4')).toBeVisible();

    await userEvent.click(saveButton());
    const dialog = await screen.findByRole('dialog', { name: 'Save rev 4' });
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Note (optional)' }),
      'More room',
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('rev 4 was saved')).toBeInTheDocument();
    expect(backend.settings.read(PIPELINE)).toMatchObject({
      revision: 4,
      patch: {
        concurrency: { limit: 4 },
        timeoutSeconds: 3_600,
        retry: { maxAttempts: 5 },
      },
    });
    await waitFor(() => expect(saveButton()).toBeDisabled());
    expect(await screen.findByText('edited in rev 4')).toBeVisible();
  });

  it('says before what a shorter retention removes', async () => {
    const backend = usualBackend();
    backend.runs.push(
      runFactory.succeeded({ pipelineId: PIPELINE, ageMs: 20 * DAY_MS }),
      runFactory.succeeded({ pipelineId: PIPELINE, ageMs: 5 * DAY_MS }),
      runFactory.succeeded({ pipelineId: 'transcode', ageMs: 20 * DAY_MS }),
    );
    open(backend);
    await type('Retention', 'Logs', '7');
    await userEvent.click(saveButton());
    const dialog = await screen.findByRole('dialog', { name: 'Save rev 4' });
    expect(
      await within(dialog).findByText(
        'Logs of runs: 1 (1.0 KB) with the next pass, 1 more within 7 days.',
      ),
    ).toBeVisible();
  });

  it('does not save what is not right', async () => {
    open(usualBackend());
    await type('Timeouts', 'Grace', '301');
    expect(await screen.findByText('must be <= 300')).toBeVisible();
    expect(saveButton()).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
    expect(await field('Timeouts', 'Grace')).toHaveValue('10');
  });

  it('shows what the server refuses at its field, until that is changed', async () => {
    const backend = usualBackend();
    open(backend);
    await type('Defaults of parameters', 'Output folder', '/etc/cron.d');
    await userEvent.keyboard('{Control>}s{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Save rev 4' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    const group = await region('Defaults of parameters');
    expect(
      await within(group).findByText(
        "'/etc/cron.d' is not below an allowed folder; allowed are media and inbox",
      ),
    ).toBeVisible();
    expect(
      within(group).getByRole('textbox', { name: 'Output folder' }),
    ).toBeInvalid();
    expect(backend.settings.read(PIPELINE).revision).toBe(3);

    await type('Defaults of parameters', 'Output folder', 'media/out');
    expect(screen.queryByText(/is not below an allowed folder/)).toBeNull();
  });

  it('keeps the dialog when the server does not answer', async () => {
    const backend = usualBackend();
    open(backend);
    await type('Timeouts', 'Grace', '20');
    await userEvent.click(saveButton());
    const dialog = await screen.findByRole('dialog', { name: 'Save rev 4' });
    backend.failures.set(
      /^PUT /,
      new FakeFailure(503, 'ServiceUnavailableError', 'No database'),
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText('No database')).toBeVisible();
    backend.failures.clear();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('rev 4 was saved')).toBeInTheDocument();
  });

  it('tells that somebody saved meanwhile without touching the draft', async () => {
    const backend = usualBackend();
    open(backend);
    await type('Limits and retries', 'Runs at once', '4');
    backend.settings.save(
      PIPELINE,
      { concurrency: { limit: 3 }, timeoutSeconds: 600 },
      { author: 'user:default/anna' },
    );
    await readAgain();
    expect(
      await screen.findByText('rev 4 was saved by user:default/anna'),
    ).toBeVisible();
    expect(await field('Limits and retries', 'Runs at once')).toHaveValue('4');
    expect(await field('Timeouts', 'Time limit of an attempt')).toHaveValue(
      '3600',
    );
  });

  it('brings two drafts together when both are saved, losing neither', async () => {
    const backend = usualBackend();
    open(backend);
    await type('Limits and retries', 'Runs at once', '4');
    await type('Timeouts', 'Grace', '20');
    await userEvent.click(saveButton());
    const dialog = await screen.findByRole('dialog', { name: 'Save rev 4' });
    backend.settings.save(
      PIPELINE,
      {
        concurrency: { limit: 3 },
        timeoutSeconds: 600,
        retry: { maxAttempts: 5 },
      },
      { author: 'user:default/anna' },
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));

    const table = await screen.findByRole('table', {
      name: 'Somebody else has saved meanwhile',
    });
    const limit = within(table).getByRole('row', { name: /Runs at once/ });
    expect(
      within(limit)
        .getAllByRole('cell')
        .slice(0, 3)
        .map(cell => cell.textContent),
    ).toEqual(['2 runs', '3 runs', '4 runs']);
    expect(
      within(table).getByRole('row', { name: /Time limit of an attempt/ }),
    ).toHaveTextContent(/1 h 00 m10 m 00 s1 h 00 mtheirs$/);
    expect(within(table).getByRole('row', { name: /Grace/ })).toHaveTextContent(
      /yours$/,
    );

    const apply = screen.getByRole('button', { name: 'Go on with rev 4' });
    expect(apply).toBeDisabled();
    expect(screen.getByText('1 setting is still to be chosen.')).toBeVisible();
    await userEvent.click(within(limit).getByText('Keep yours'));
    await userEvent.click(apply);

    const again = await screen.findByRole('dialog', { name: 'Save rev 5' });
    await userEvent.click(within(again).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('rev 5 was saved')).toBeInTheDocument();
    expect(backend.settings.read(PIPELINE).patch).toEqual({
      concurrency: { limit: 4 },
      timeoutSeconds: 600,
      stopGraceSeconds: 20,
      retry: { maxAttempts: 5 },
    });
  });

  it('lists revisions, compares them and restores one through the same dialog', async () => {
    const backend = usualBackend();
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revisions' }),
    );
    const drawer = await screen.findByRole('dialog', { name: 'Revisions' });
    const list = await within(drawer).findByRole('list', { name: 'Revisions' });
    const items = within(list).getAllByRole('listitem');
    expect(items).toHaveLength(3);
    expect(within(items[0]).getByText('now')).toBeVisible();
    expect(within(items[0]).getByText('Changed: Attempts')).toBeVisible();
    expect(
      within(items[1]).getByText('The 2024 file takes 40 minutes'),
    ).toBeVisible();

    await userEvent.click(
      within(items[1]).getByRole('button', { name: 'View rev 2' }),
    );
    const diff = await within(drawer).findByRole('region', {
      name: 'Differences to rev 1',
    });
    const row = within(diff).getByRole('row', {
      name: /Time limit of an attempt/,
    });
    expect(within(row).getByText('1800')).toBeVisible();
    expect(within(row).getByText('3600')).toBeVisible();

    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Restore rev 2' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Restore rev 2',
    });
    expect(
      within(dialog).getByText(/^Up to 3 attempts as app-config says, was 5/),
    ).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Restore' }),
    );
    expect(
      await screen.findByText('rev 2 was restored as rev 4'),
    ).toBeInTheDocument();
    expect(backend.settings.read(PIPELINE).patch).toEqual({
      concurrency: { limit: 2 },
      timeoutSeconds: 3_600,
    });
  });

  it('takes JSON as well, and keeps the draft between both', async () => {
    open(usualBackend());
    await type('Timeouts', 'Grace', '20');
    await userEvent.click(screen.getByRole('radio', { name: 'JSON' }));
    const json = await screen.findByRole('textbox', {
      name: 'Edited settings (JSON)',
    });
    expect(JSON.parse((json as HTMLTextAreaElement).value)).toMatchObject({
      stopGraceSeconds: 20,
      timeoutSeconds: 3_600,
    });
    await userEvent.clear(json);
    expect(saveButton()).toBeDisabled();
    await userEvent.paste('{"stopGraceSeconds": 30}');
    await userEvent.click(screen.getByRole('radio', { name: 'Form' }));
    expect(await field('Timeouts', 'Grace')).toHaveValue('30');
    expect(await field('Timeouts', 'Time limit of an attempt')).toHaveValue(
      '1800',
    );
  });

  it('asks before a draft is left, and only then', async () => {
    open(usualBackend());
    await type('Timeouts', 'Grace', '20');
    const leave = async () => {
      await userEvent.click(screen.getByRole('tab', { name: 'Queue' }));
    };
    await leave();
    const dialog = await screen.findByRole('dialog', {
      name: 'Leave without saving?',
    });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Stay' }));
    expect(await field('Timeouts', 'Grace')).toHaveValue('20');

    await leave();
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Leave',
      }),
    );
    expect(await region('Numbers of the queue')).toBeVisible();
  });

  it('lets go without a question when nothing is changed', async () => {
    open(usualBackend());
    await field('Timeouts', 'Grace');
    await userEvent.click(screen.getByRole('tab', { name: 'Queue' }));
    expect(await region('Numbers of the queue')).toBeVisible();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('edits the settings of the portal, with its watched folders', async () => {
    const backend = usualBackend();
    open(backend, '/pipelines/queue/settings');
    expect(
      await screen.findByRole('heading', { name: 'Settings of the portal' }),
    ).toBeVisible();
    await type('Limits and retries', 'Runs at once, in all', '8');
    await type('Folder watches', 'inbox: folder', 'media/new');
    await userEvent.keyboard('{Control>}s{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Save rev 1' });
    expect(
      within(dialog).getByText(
        'At most 8 runs at once over all pipelines, was 20; takes effect with the next claim.',
      ),
    ).toBeVisible();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('rev 1 was saved')).toBeInTheDocument();
    expect(backend.settings.read('').patch).toEqual({
      concurrency: 8,
      watches: { inbox: { folder: 'media/new' } },
    });
  });
});
