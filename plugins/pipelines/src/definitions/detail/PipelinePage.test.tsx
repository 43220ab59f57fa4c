import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../../dev/fake/FakeBackend';
import { makeDemoTriggers } from '../../../dev/fake/FakeTriggers';
import { demoPipelines, makePipeline } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const DAY_MS = 86_400_000;

function usualBackend() {
  const backend = new FakeBackend({
    pipelines: [
      ...demoPipelines(),
      makePipeline({ id: 'publish', title: 'Publish', after: ['transcode'] }),
    ],
    runs: [
      runFactory.succeeded({ pipelineId: 'transcode' }),
      runFactory.failed({ pipelineId: 'transcode' }),
      runFactory.succeeded(),
    ],
  });
  makeDemoTriggers(backend);
  return backend;
}

const open = (backend: FakeBackend, path: string) =>
  renderPages({ path: `/pipelines/definitions/${path}`, backend });

const region = (name: string) => screen.findByRole('region', { name });

describe('PipelinePage', () => {
  it('tells what the pipeline is and how far it may go', async () => {
    open(usualBackend(), 'transcode');
    expect(
      await screen.findByRole('heading', { name: 'Transcode a video' }),
    ).toBeVisible();
    const facts = await region('Facts');
    expect(within(facts).getByText('2.1.0')).toBeVisible();
    expect(within(facts).getByText('starts at most once')).toBeVisible();
    expect(within(facts).getByText('1 h 00 m')).toBeVisible();
    expect(await within(facts).findByText('30 days')).toBeVisible();
    const runs = await region('Latest runs');
    expect(
      within(runs).getByRole('list', { name: /The 2 newest runs/ }),
    ).toBeVisible();
    expect(
      within(runs).getByRole('link', { name: 'All its runs' }),
    ).toHaveAttribute('href', '/pipelines/runs?pipeline=transcode');
    const parameters = await region('Parameters');
    const row = within(parameters).getByRole('row', { name: /profile/ });
    expect(within(row).getByText('required')).toBeVisible();
    expect(
      within(row).getByText('live_stream | archive | preview'),
    ).toBeVisible();
  });

  it('tells what starts it: folders with their files, webhooks, other pipelines', async () => {
    const backend = usualBackend();
    open(backend, 'transcode');
    const triggers = await region('What starts it');
    expect(await within(triggers).findByText('media/inbox')).toBeVisible();
    expect(within(triggers).getByText('**/*.{mp4,mov}')).toBeVisible();
    const files = within(triggers).getByRole('table', { name: 'Last files' });
    const submitted = within(files).getByRole('row', { name: /week-11/ });
    expect(
      within(submitted).getByRole('link', { name: 'Open the run' }),
    ).toHaveAttribute('href', `/pipelines/runs/${backend.runs[0].id}`);
    const refused = within(files).getByRole('row', { name: /broken/ });
    expect(within(refused).getByText('Refused')).toBeVisible();
    expect(within(refused).getByText(/must be equal to one of/)).toBeVisible();
    expect(
      within(triggers).getByText("The folder 'media/dropbox' is not there"),
    ).toBeVisible();
    expect(
      await within(triggers).findByText(
        /POST .*\/api\/pipelines\/triggers\/studio-upload$/,
      ),
    ).toBeVisible();
    expect(
      within(triggers).getByRole('link', { name: 'publish' }),
    ).toHaveAttribute('href', '/pipelines/definitions/publish');
  });

  it('says that nothing starts it by itself', async () => {
    open(usualBackend(), 'rebuild-search-index');
    expect(await screen.findByText(/^Nothing by itself/)).toBeVisible();
    expect(screen.getByText('It takes no parameters.')).toBeVisible();
  });

  it('pauses and says so, and resumes', async () => {
    const backend = usualBackend();
    open(backend, 'transcode');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Pause…' }),
    );
    await userEvent.click(
      within(
        await screen.findByRole('dialog', { name: 'Pause Transcode a video' }),
      ).getByRole('button', { name: 'Pause' }),
    );
    expect(
      await screen.findByText(
        'Transcode a video is paused: nothing new of it starts',
      ),
    ).toBeVisible();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Resume…' }),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Resume',
      }),
    );
    expect(await screen.findByRole('button', { name: 'Pause…' })).toBeVisible();
  });

  it('does not tell what is missing from what may not be seen', async () => {
    open(usualBackend(), 'nothing-here');
    expect(await screen.findByText('No such pipeline')).toBeVisible();
    expect(screen.getByRole('link', { name: 'All pipelines' })).toHaveAttribute(
      'href',
      '/pipelines/definitions',
    );
  });

  it('shows the next starts of the schedule', async () => {
    open(usualBackend(), 'ingest-meetings?tab=schedule');
    const next = await screen.findByRole('list', { name: 'Next starts' });
    expect(within(next).getAllByRole('listitem')).toHaveLength(5);
    expect(screen.getByText('get one run for all of them')).toBeVisible();
  });

  it('leads to the settings where there is no schedule', async () => {
    open(usualBackend(), 'transcode?tab=schedule');
    expect(
      await screen.findByRole('link', { name: 'Open the settings' }),
    ).toHaveAttribute('href', '/pipelines/definitions/transcode?tab=settings');
  });

  it('previews a backfill, and submits only the starts that have no run', async () => {
    const backend = usualBackend();
    const schedule = backend.pipeline('ingest-meetings').schedule!;
    schedule.nextAt = '2026-11-21T05:00:00.000Z';
    backend.runs.push(
      runFactory.succeeded({
        trigger: 'schedule',
        runAt: new Date(Date.parse(schedule.nextAt) - 2 * DAY_MS).toISOString(),
      }),
    );
    open(backend, 'ingest-meetings?tab=schedule');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Backfill…' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByText('Choose a range to see its starts.'),
    ).toBeVisible();
    const fill = async (name: string, digits: string) => {
      const field = within(dialog).getByRole('group', { name });
      const [first] = within(field).getAllByRole('spinbutton');
      await userEvent.click(first);
      await userEvent.keyboard(digits);
    };
    await fill('From', '11182026' + '0000');
    await fill('To', '11212026' + '0000');
    const starts = await within(dialog).findByRole('table', {
      name: 'Starts of the range',
    });
    expect(within(starts).getAllByRole('row')).toHaveLength(1 + 3);
    expect(within(starts).getAllByText('new')).toHaveLength(2);
    expect(
      within(dialog).getByText('1 start has a run already.'),
    ).toBeVisible();

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Submit 2 runs' }),
    );
    expect(
      await screen.findByText('2 runs were submitted'),
    ).toBeInTheDocument();
    await waitFor(() =>
      expect(
        backend.runs.filter(
          ({ trigger, state }) => trigger === 'schedule' && state === 'queued',
        ),
      ).toHaveLength(2),
    );
  });

  it('lists the starts that made no run, with what asked for them and why', async () => {
    const backend = usualBackend();
    const at = new Date(Date.now() - 3_600_000).toISOString();
    backend.triggers.more.set('rebuild-search-index', {
      refused: [
        {
          trigger: 'webhook',
          source: 'webhook:studio-upload',
          message: 'profile: must be a string',
          at,
        },
      ],
    });
    open(backend, 'rebuild-search-index?tab=schedule');
    expect(await screen.findByText('Not scheduled')).toBeVisible();
    const refused = await screen.findByRole('list', { name: 'Refused starts' });
    const [item] = within(refused).getAllByRole('listitem');
    expect(within(item).getByRole('img', { name: 'Webhook' })).toBeVisible();
    expect(item).toHaveTextContent('studio-upload');
    expect(item).toHaveTextContent('profile: must be a string');
    expect(item).toHaveTextContent('1 h ago');
  });

  it('offers no run of what is executed elsewhere, and says who reports it and when it last did', async () => {
    const run = runFactory.succeeded({
      pipelineId: 'backup',
      title: 'Backup of the archive',
      origin: 'reported',
      reporter: 'cron-host',
      lastReportAt: new Date(Date.now() - 7_200_000).toISOString(),
    });
    const backend = new FakeBackend({
      pipelines: [
        makePipeline({ id: 'backup', title: 'Backup', engine: 'outside' }),
      ],
      runs: [run],
    });
    const { unmount } = open(backend, 'backup');
    expect(await screen.findByText('Executed elsewhere')).toBeVisible();
    const word = await screen.findByText(/^Last word:/);
    expect(word).toHaveTextContent(
      'Last word: cron-host, 2 h ago, of Backup of the archive',
    );
    expect(
      within(word).getByRole('link', { name: 'Backup of the archive' }),
    ).toHaveAttribute('href', `/pipelines/runs/${run.id}`);
    expect(screen.queryByRole('button', { name: 'Run Backup' })).toBeNull();
    unmount();

    open(backend, '');
    expect(await screen.findByText('executed elsewhere')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Run Backup' })).toBeNull();
  });
});
