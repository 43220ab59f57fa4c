import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  Bulk,
  BulkItem,
} from '@millrace/backstage-plugin-pipelines-common';
import { FakeBackend, FakeFailure } from '../../dev/fake/FakeBackend';
import { uuidAt } from '../../dev/fake/ids';
import { makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const PIPELINES = [
  makePipeline({ id: 'ingest-meetings', title: 'Ingest meeting summaries' }),
];

function begun(backend: FakeBackend) {
  return backend.requests
    .filter(
      ({ method, path, body }) =>
        method === 'POST' && path === '/runs/bulk' && !body?.dryRun,
    )
    .map(({ body }) => body);
}

function openList(backend: FakeBackend, search = '') {
  renderPages({ path: `/pipelines/runs${search}`, backend });
}

async function choose(title: string) {
  const row = await screen.findByRole('row', { name: new RegExp(title) });
  await userEvent.click(within(row).getByRole('checkbox'));
}

async function pressInBar(name: string) {
  const bar = await screen.findByRole('region', { name: 'Chosen runs' });
  await userEvent.click(within(bar).getByRole('button', { name }));
  return screen.findByRole('dialog', { name: 'Act on many runs' });
}

function makeBulk(overrides: Partial<Bulk> = {}): Bulk {
  return {
    id: uuidAt(Date.now()),
    state: 'running',
    action: 'cancel',
    submittedBy: 'user:default/noor',
    reason: 'Wrong file',
    filter: { state: ['queued'], pipeline: ['ingest-meetings'] },
    queuedAt: new Date(Date.now() - 20_000).toISOString(),
    total: 4,
    counts: { pending: 1, done: 1, skipped: 1, failed: 1 },
    ...overrides,
  };
}

function makeItems(): BulkItem[] {
  return (['done', 'skipped', 'failed', 'pending'] as const).map(
    (state, index) => ({
      runId: uuidAt(index),
      title: `Ingest ${state}`,
      state,
      message: {
        skipped: 'It had ended before',
        failed: 'The database did not answer',
      }[state as string],
    }),
  );
}

describe('bulk actions', () => {
  it('chooses rows by mouse and keyboard without opening them, and clears', async () => {
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: ['A', 'B', 'C'].map((name, index) =>
        // Far enough apart that they stay in order however slowly they are made.
        runFactory.queued({
          title: `Ingest ${name}`,
          ageMs: (index + 1) * 10_000,
        }),
      ),
    });
    openList(backend);
    await choose('Ingest A');
    expect(await screen.findByText('1 chosen')).toBeVisible();
    await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect(await screen.findByText('2 chosen')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(screen.queryByRole('region', { name: 'Chosen runs' })).toBeNull();
  });

  it('says what would happen, does it to the chosen runs, and shows what became of them', async () => {
    const queued = runFactory.queued({ title: 'Ingest queued' });
    const over = runFactory.succeeded({ title: 'Ingest over' });
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [queued, over, runFactory.queued({ title: 'Ingest other' })],
    });
    openList(backend);
    await choose('Ingest queued');
    await choose('Ingest over');
    const drawer = await pressInBar('Cancel');
    expect(
      within(drawer).getByRole('radio', { name: '2 chosen runs' }),
    ).toBeChecked();
    expect(
      await within(drawer).findByText('Of 2 runs, 1 will be done.'),
    ).toBeVisible();
    expect(
      within(drawer).getByText('1 is left out: already over'),
    ).toBeVisible();
    expect(
      within(
        within(drawer).getByRole('list', { name: 'The first of them' }),
      ).getByText('Ingest queued'),
    ).toBeVisible();
    await userEvent.type(
      within(drawer).getByRole('textbox', { name: /Reason/ }),
      'Wrong file',
    );
    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Cancel 1 run' }),
    );
    expect(
      await screen.findByRole('heading', { name: 'Cancel 1 run' }),
    ).toBeVisible();
    expect(begun(backend)).toEqual([
      {
        action: 'cancel',
        runIds: expect.arrayContaining([queued.id, over.id]),
        expected: 1,
        reason: 'Wrong file',
      },
    ]);
    expect(backend.run(queued.id).state).toBe('cancelled');
    expect(
      await screen.findByRole('link', { name: 'Ingest queued' }),
    ).toHaveAttribute('href', `/pipelines/runs/${queued.id}`);
  });

  it('acts on all that match the filter, and wants a large number typed', async () => {
    const runs = Array.from({ length: 120 }, (_, index) =>
      runFactory.failed({ title: `Ingest ${index}`, ageMs: 1_000_000 - index }),
    );
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [...runs, runFactory.succeeded({ title: 'Good' })],
    });
    openList(backend, '?state=failed&size=25');
    await choose('Ingest 119');
    const drawer = await pressInBar('Select all matching…');
    await userEvent.click(within(drawer).getByRole('radio', { name: /Retry/ }));
    const button = await within(drawer).findByRole('button', {
      name: 'Retry 120 runs',
    });
    expect(button).toBeDisabled();
    await userEvent.type(
      await within(drawer).findByRole('textbox', {
        name: 'Type 120 to confirm',
      }),
      '120',
    );
    expect(button).toBeEnabled();
    await userEvent.click(button);
    await waitFor(() =>
      expect(begun(backend)).toEqual([
        { action: 'retry', filter: { state: ['failed'] }, expected: 120 },
      ]),
    );
  });

  it('asks for what an action needs before it counts', async () => {
    const run = runFactory.queued({ title: 'Ingest A' });
    const backend = new FakeBackend({ pipelines: PIPELINES, runs: [run] });
    openList(backend);
    await choose('Ingest A');
    const drawer = await pressInBar('Label');
    expect(within(drawer).getByText('Say first what to do.')).toBeVisible();
    expect(
      within(drawer).getByRole('button', { name: 'Label' }),
    ).toBeDisabled();
    await userEvent.type(
      within(drawer).getByRole('textbox', { name: /Labels to add/ }),
      'team=data',
    );
    await userEvent.click(
      await within(drawer).findByRole('button', { name: 'Label 1 run' }),
    );
    await waitFor(() =>
      expect(begun(backend)).toMatchObject([{ labels: { team: 'data' } }]),
    );
  });

  it('begins nothing when the number has changed, and counts again', async () => {
    const first = runFactory.queued({ title: 'Ingest A' });
    const second = runFactory.queued({ title: 'Ingest B' });
    const backend = new FakeBackend({
      pipelines: PIPELINES,
      runs: [first, second],
    });
    openList(backend);
    await choose('Ingest A');
    await choose('Ingest B');
    const drawer = await pressInBar('Cancel');
    const button = await within(drawer).findByRole('button', {
      name: 'Cancel 2 runs',
    });
    Object.assign(backend.run(second.id), {
      state: 'succeeded',
      finishedAt: new Date().toISOString(),
    });
    await userEvent.click(button);
    expect(
      await within(drawer).findByText(/done to 1 runs now, not to 2/),
    ).toBeVisible();
    expect(
      await within(drawer).findByRole('button', { name: 'Cancel 1 run' }),
    ).toBeVisible();
    expect(backend.run(first.id).state).toBe('queued');
  });

  it('says why nothing can be counted', async () => {
    const run = runFactory.queued({ title: 'Ingest A' });
    const backend = new FakeBackend({ pipelines: PIPELINES, runs: [run] });
    backend.failures.set(
      /^POST \/runs\/bulk/,
      new FakeFailure(403, 'NotAllowedError', 'Needs pipelines.run.control'),
    );
    openList(backend);
    await choose('Ingest A');
    const drawer = await pressInBar('Cancel');
    expect(
      await within(drawer).findByText('Needs pipelines.run.control'),
    ).toBeVisible();
    expect(
      within(drawer).getByRole('button', { name: 'Cancel' }),
    ).toBeDisabled();
  });
});

describe('BulkPage', () => {
  function openBulk(bulk: Bulk, search = '') {
    const backend = new FakeBackend({ pipelines: PIPELINES });
    backend.bulks.put(bulk, makeItems());
    renderPages({ path: `/pipelines/runs/bulk/${bulk.id}${search}`, backend });
    return backend;
  }

  it('shows how far it is, for which runs and why, and what became of each', async () => {
    openBulk(makeBulk());
    expect(
      await screen.findByRole('progressbar', {
        name: 'Progress of Cancel 4 runs',
      }),
    ).toHaveAttribute('aria-valuenow', '75');
    expect(screen.getByText('3 of 4 runs')).toBeVisible();
    expect(screen.getByText('of ingest-meetings')).toBeVisible();
    expect(screen.getByText('Wrong file')).toBeVisible();
    const items = await screen.findByRole('list', {
      name: 'What became of each run',
    });
    expect(within(items).getAllByRole('listitem')).toHaveLength(4);
    expect(
      within(items).getByText('The database did not answer'),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'View runs' })).toHaveAttribute(
      'href',
      '/pipelines/runs?pipeline=ingest-meetings',
    );

    await userEvent.click(screen.getByRole('radio', { name: 'Failed: 1' }));
    await waitFor(() => expect(screen.queryByText('Ingest done')).toBeNull());
    expect(await screen.findByText('Ingest failed')).toBeVisible();
  });

  it('is stopped by cancelling its run', async () => {
    const bulk = makeBulk();
    const backend = openBulk(bulk);
    await userEvent.click(await screen.findByRole('button', { name: 'Stop…' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/What is done stays done/)).toBeVisible();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Stop' }));
    await waitFor(() =>
      expect(screen.getByText('Cancel 4 runs is being stopped')).toBeVisible(),
    );
    expect(backend.run(bulk.id).state).toBe('cancelling');
  });

  it('offers no stop once it is over', async () => {
    openBulk(
      makeBulk({ state: 'succeeded', finishedAt: new Date().toISOString() }),
      '?state=skipped',
    );
    expect(await screen.findByText('It had ended before')).toBeVisible();
    expect(screen.queryByText('Ingest done')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Stop…' })).toBeNull();
  });

  it('says the same for one that is not there and one that may not be seen', async () => {
    renderPages({
      path: `/pipelines/runs/bulk/${uuidAt(1)}`,
      backend: new FakeBackend(),
    });
    expect(await screen.findByText('No such bulk action')).toBeVisible();
  });
});
