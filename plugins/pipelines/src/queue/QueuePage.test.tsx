import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend, FakeFailure } from '../../dev/fake/FakeBackend';
import { makeWorker } from '../../dev/fake/FakeQueue';
import { makePipeline } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const TRANSCODE = {
  pipelineId: 'transcode',
  pipelineTitle: 'Transcode',
  title: 'Transcode for archive',
};

function usualBackend() {
  const backend = new FakeBackend({
    pipelines: [
      makePipeline({
        id: 'ingest-meetings',
        title: 'Ingest meetings',
        concurrency: { limit: 1 },
      }),
      makePipeline({ id: 'transcode', title: 'Transcode' }),
    ],
    runs: [
      runFactory.running({ title: 'Ingest 2023' }),
      runFactory.queued({ title: 'Ingest 2024', ageMs: 65_000 }),
      runFactory.queued({
        title: 'Ingest later',
        runAt: new Date(Date.now() + 600_000).toISOString(),
      }),
      runFactory.queued({ ...TRANSCODE, ageMs: 20_000 }),
    ],
  });
  backend.queue.workers.push(
    makeWorker({ id: 'portal-1' }),
    makeWorker({
      id: 'worker-c',
      state: 'silent',
      heartbeatAt: new Date(Date.now() - 18_500).toISOString(),
    }),
  );
  return backend;
}

const open = (backend: FakeBackend, search = '') =>
  renderPages({ path: `/pipelines/queue${search}`, backend });

const region = (name: string) => screen.findByRole('region', { name });

const bodyOf = (backend: FakeBackend, path: string) =>
  backend.requests.filter(
    request => request.path === path && !request.body?.dryRun,
  )[0]?.body;

describe('QueuePage', () => {
  it('tells how much waits and runs, and why each run waits', async () => {
    open(usualBackend());
    const tiles = await region('Numbers of the queue');
    expect(within(tiles).getByText('2 due, 1 for later')).toBeVisible();
    expect(within(tiles).getByText('1 / 2')).toBeVisible();

    const runs = await region('Queued runs');
    const [, first, second, third] = await within(runs).findAllByRole('row');
    expect(within(first).getByText('Ingest 2024')).toBeVisible();
    expect(
      within(first).getByText('The limit of its pipeline: 1 of 1 run'),
    ).toBeVisible();
    expect(within(first).getByText(/^1 m \d\d s$/)).toBeVisible();
    expect(
      within(second).getByText('A free slot, or others come first'),
    ).toBeVisible();
    expect(within(third).getByText(/^Its start, in (9|10) min$/)).toBeVisible();
  });

  it('shows each pipeline with its limit, and leads to its runs and settings', async () => {
    open(usualBackend());
    const pipelines = await region('By pipeline');
    const [card] = within(pipelines)
      .getAllByRole('listitem')
      .filter(item => within(item).queryByText('Ingest meetings'));
    expect(
      within(card).getByRole('img', { name: '1 of 1 runs at once' }),
    ).toBeVisible();
    expect(
      within(card).getByRole('img', {
        name: '1 running, 1 waiting, 1 for later',
      }),
    ).toBeVisible();
    expect(
      within(card).getByRole('link', { name: '1 running' }),
    ).toHaveAttribute(
      'href',
      expect.stringContaining(
        '/pipelines/runs?pipeline=ingest-meetings&state=starting,running',
      ),
    );
    expect(
      within(card).getByRole('link', { name: 'at most 1 at once' }),
    ).toHaveAttribute(
      'href',
      '/pipelines/definitions/ingest-meetings?tab=settings',
    );
  });

  it('narrows the queued runs to the pipelines of the address', async () => {
    open(usualBackend(), '?pipeline=transcode');
    const runs = await region('Queued runs');
    expect(
      await within(runs).findByText('Transcode for archive'),
    ).toBeVisible();
    expect(within(runs).queryByText('Ingest 2024')).toBeNull();
    await userEvent.click(
      within(runs).getByRole('button', { name: 'Show all' }),
    );
    expect(await within(runs).findByText('Ingest 2024')).toBeVisible();
  });

  it('pauses the queue with a reason and resumes it', async () => {
    const backend = usualBackend();
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Pause queue…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Pause the queue',
    });
    await userEvent.click(within(dialog).getByText('In 4 hours'));
    await userEvent.click(within(dialog).getByText('Leave them out'));
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Reason (optional)' }),
      'Disk full',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Pause' }),
    );
    expect(
      await screen.findByText('The queue is paused: nothing new starts'),
    ).toBeVisible();
    expect(screen.getByText(/Reason: Disk full/)).toBeVisible();
    expect(
      screen.getByText(/Scheduled runs are left out meanwhile/),
    ).toBeVisible();
    const body = bodyOf(backend, '/queue/pause');
    expect(body).toMatchObject({ reason: 'Disk full', scheduledRuns: 'drop' });
    const hours = (Date.parse(String(body?.until)) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(4, 1);

    const runs = await region('Queued runs');
    await waitFor(() =>
      expect(runs).toHaveTextContent(
        /The queue is paused by ada, for \d h( \d+ m)?Disk full/,
      ),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Resume queue…' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Resume',
      }),
    );
    await waitFor(() =>
      expect(
        screen.queryByText('The queue is paused: nothing new starts'),
      ).toBeNull(),
    );
  });

  it('pauses one pipeline', async () => {
    const backend = usualBackend();
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions of Transcode' }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Pause…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Pause Transcode',
    });
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Pause' }),
    );
    const pipelines = await region('By pipeline');
    expect(await within(pipelines).findByText('Paused')).toBeVisible();
    const runs = await region('Queued runs');
    await waitFor(() =>
      expect(runs).toHaveTextContent('Its pipeline is paused by ada'),
    );
  });

  it('counts before it clears, and clears exactly what was counted', async () => {
    const backend = usualBackend();
    backend.add(runFactory.queued({ trigger: 'schedule' }));
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear queue…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Clear 3 queued runs',
    });
    expect(within(dialog).getByText('1 queued run stays.')).toBeVisible();
    await userEvent.click(within(dialog).getByText('Clear them too'));
    expect(
      await screen.findByRole('dialog', { name: 'Clear 4 queued runs' }),
    ).toBeVisible();

    backend.add(runFactory.queued());
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Clear' }),
    );
    expect(
      await within(dialog).findByText(/5 runs would be cancelled, not 4/),
    ).toBeVisible();
    expect(
      backend.runs.filter(({ state }) => state === 'cancelled'),
    ).toHaveLength(0);

    expect(
      await screen.findByRole('dialog', { name: 'Clear 5 queued runs' }),
    ).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Clear' }),
    );
    expect(
      await screen.findByText('5 runs were cancelled'),
    ).toBeInTheDocument();
    expect(await screen.findByText('Nothing waits')).toBeVisible();
  });

  it('wants the number typed where it clears more than a hundred', async () => {
    const backend = usualBackend();
    for (let index = 0; index < 98; index += 1) {
      backend.runs.push(runFactory.queued());
    }
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear queue…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Clear 101 queued runs',
    });
    const clear = within(dialog).getByRole('button', { name: 'Clear' });
    expect(clear).toBeDisabled();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: /101/ }),
      '101',
    );
    expect(clear).toBeEnabled();
  });

  it('moves a queued run to the top and lets another start now', async () => {
    const backend = usualBackend();
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions of Ingest later' }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Run now' }),
    );
    await waitFor(() =>
      expect(
        backend.requests.some(
          ({ method, body }) => method === 'PATCH' && body?.runAt === 'now',
        ),
      ).toBe(true),
    );
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'Actions of Transcode for archive',
      }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Move to top' }),
    );
    await waitFor(() =>
      expect(
        backend.requests.some(
          ({ method, body }) => method === 'PATCH' && body?.toFront === true,
        ),
      ).toBe(true),
    );
  });

  it('drains a worker and says how long another has been silent', async () => {
    const backend = usualBackend();
    open(backend);
    const workers = await region('Workers');
    expect(await within(workers).findByText(/^Silent \d+ s$/)).toBeVisible();
    expect(
      await within(workers).findByRole('link', { name: 'Ingest 2023' }),
    ).toBeVisible();
    await userEvent.click(
      within(workers).getByRole('button', { name: 'Drain portal-1' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByText(
        'It finishes its 1 run and claims nothing more.',
      ),
    ).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Drain' }),
    );
    expect(await within(workers).findByText('Draining')).toBeVisible();
    expect(
      await screen.findByText('3 runs are queued and nobody works'),
    ).toBeVisible();
    expect(
      within(workers).getByRole('button', { name: 'Undrain portal-1' }),
    ).toBeVisible();
  });

  it('keeps a refusal in the dialog', async () => {
    const backend = usualBackend();
    backend.failures.set(
      /POST \/workers\/portal-1\/drain$/,
      new FakeFailure(409, 'ConflictError', 'portal-1 has stopped meanwhile'),
    );
    open(backend);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Drain portal-1' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Drain',
      }),
    );
    expect(
      await screen.findByText('portal-1 has stopped meanwhile'),
    ).toBeVisible();
  });

  it('lets one panel fail without the others', async () => {
    const backend = usualBackend();
    backend.failures.set(
      /GET \/workers$/,
      new FakeFailure(503, 'ServiceUnavailableError', 'Workers are late'),
    );
    open(backend);
    expect(await screen.findByText('Workers are late')).toBeVisible();
    expect(await screen.findByText('Ingest 2024')).toBeVisible();
  });
});
