import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { demoPipelines } from '../../dev/fake/pipelines';
import { renderPages } from '../../dev/fake/renderPages';
import { runFactory } from '../../dev/fake/runFactory';

const MINUTE_MS = 60_000;

function backendWithRuns() {
  return new FakeBackend({
    pipelines: demoPipelines(),
    runs: [
      runFactory.failed({
        title: 'Ingest 2024',
        labels: { team: 'data' },
        tookMs: 20 * MINUTE_MS,
        ageMs: 60 * MINUTE_MS,
      }),
      runFactory.succeeded({
        title: 'Ingest 2025',
        trigger: 'schedule',
        submittedBy: 'schedule:ingest-meetings',
        ageMs: 50 * MINUTE_MS,
      }),
    ],
  });
}

/** What the list asked for last. */
function lastQuery(backend: FakeBackend) {
  const lists = backend.requests.filter(
    ({ method, path, query }) =>
      method === 'GET' && path === '/runs' && query.get('limit') !== '50',
  );
  return Object.fromEntries(lists.at(-1)?.query ?? []);
}

const titles = () =>
  screen.queryAllByRole('link', { name: /^Ingest/ }).map(e => e.textContent);

/** Rows per page that nothing else of the page asks for. */
const RUNS = '/pipelines/runs?size=25';

async function openFilters() {
  await userEvent.click(
    await screen.findByRole('button', { name: 'More filters' }),
  );
  return screen.findByRole('dialog');
}

describe('the filters of the runs list', () => {
  it('come from the address, ask the server, and are all removable', async () => {
    const backend = backendWithRuns();
    renderPages({
      path: `${RUNS}&state.not=lost&pipeline.not=transcode&trigger.not=schedule&submittedBy=user:default/ada&label.team=data&q=502+bad&minDuration=60&maxDuration=3600&from=-7d`,
      backend,
    });
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));
    expect(lastQuery(backend)).toMatchObject({
      'state.not': 'lost',
      'pipeline.not': 'transcode',
      'trigger.not': 'schedule',
      submittedBy: 'user:default/ada',
      'label.team': 'data',
      q: '502 bad',
      minDuration: '60',
      maxDuration: '3600',
    });
    const tags = () =>
      within(screen.getByRole('grid', { name: 'Chosen filters' }))
        .getAllByRole('row')
        .map(row => row.textContent);
    expect(tags()).toEqual([
      'not Lost',
      'not of transcode',
      'not started by Schedule',
      'submitted by user:default/ada',
      'labelled team=data',
      'with “502 bad”',
      'executed for at least 1 m 00 s',
      'executed for at most 1 h 00 m',
      'last 7 d',
    ]);
    expect(screen.getByRole('searchbox')).toHaveValue('502 bad');

    const tag = screen.getByRole('row', { name: 'labelled team=data' });
    await userEvent.click(within(tag).getByRole('button'));
    await waitFor(() => expect(tags()).not.toContain('labelled team=data'));
    screen.getByRole('row', { name: 'with “502 bad”' }).focus();
    await userEvent.keyboard('{Delete}');
    await waitFor(() => expect(tags()).not.toContain('with “502 bad”'));
    expect(screen.getByRole('searchbox')).toHaveValue('');
    await waitFor(() => expect(lastQuery(backend)).not.toHaveProperty('q'));
    expect(lastQuery(backend)).not.toHaveProperty(['label.team']);
    expect(lastQuery(backend)).toHaveProperty(['trigger.not'], 'schedule');
  });

  it('find text that is typed after a slash, without a count of states', async () => {
    const backend = backendWithRuns();
    renderPages({ path: RUNS, backend });
    await screen.findByRole('button', { name: /Failed: 1/ });
    await userEvent.keyboard('/');
    const field = screen.getByRole('searchbox', { name: 'Search runs' });
    expect(field).toHaveFocus();
    await userEvent.keyboard('502 bad');
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));
    expect(lastQuery(backend).q).toBe('502 bad');
    expect(screen.getByRole('button', { name: 'Failed' })).toBeVisible();
    expect(screen.getByTitle(/Without counts/)).toBeVisible();

    await userEvent.clear(field);
    await userEvent.keyboard('Ingest 2025{Enter}');
    await waitFor(() => expect(titles()).toEqual(['Ingest 2025']));
    await userEvent.clear(field);
    expect(
      await screen.findByRole('button', { name: /Failed: 1/ }),
    ).toBeVisible();
  });

  it('choose triggers that a run has or has not', async () => {
    const backend = backendWithRuns();
    renderPages({ path: `${RUNS}&trigger=schedule`, backend });
    await waitFor(() => expect(titles()).toEqual(['Ingest 2025']));
    const form = await openFilters();
    const trigger = within(form).getByRole('group', { name: 'Trigger' });
    await userEvent.click(
      within(trigger).getByRole('radio', { name: 'is not' }),
    );
    await waitFor(() =>
      expect(lastQuery(backend)).toHaveProperty(['trigger.not'], 'schedule'),
    );
    expect(lastQuery(backend)).not.toHaveProperty('trigger');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));
  });

  it('take a submitter, labels and durations that are typed, and say what is wrong with them', async () => {
    const backend = backendWithRuns();
    renderPages({ path: RUNS, backend });
    const form = await openFilters();
    const type = async (name: string, text: string) => {
      const field = within(form).getByRole('textbox', { name });
      await userEvent.clear(field);
      await userEvent.type(field, `${text}{Enter}`);
      return field;
    };
    await type('Label', 'team');
    expect(within(form).getByText(/no name=value/)).toBeVisible();
    expect(await type('Label', 'team=data')).toHaveValue('');
    await type('Submitted by', 'user:default/ada');
    expect(await type('Executed for at least', '5m')).toHaveValue('5 m 00 s');
    await type('Executed for at most', '4m');
    expect(within(form).getByText(/no run could match/)).toBeVisible();
    await type('Executed for at most', 'long');
    expect(within(form).getByText(/as in 5 m/)).toBeVisible();
    await type('Executed for at most', '1 h');
    await waitFor(() =>
      expect(lastQuery(backend)).toMatchObject({
        'label.team': 'data',
        submittedBy: 'user:default/ada',
        minDuration: '300',
        maxDuration: '3600',
      }),
    );
    await type('Executed for at least', ' ');
    await waitFor(() =>
      expect(lastQuery(backend)).not.toHaveProperty('minDuration'),
    );
  });

  it('are cleared together where nothing matches', async () => {
    renderPages({
      path: `${RUNS}&label.team=nobody&q=x&minDuration=1&submittedBy=a`,
      backend: backendWithRuns(),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Clear filters' }),
    );
    await waitFor(() => expect(titles()).toHaveLength(2));
    expect(screen.queryByRole('grid', { name: 'Chosen filters' })).toBeNull();
  });

  it('lead on where the server has not looked at all runs yet', async () => {
    const backend = backendWithRuns();
    backend.scanBudget = 1;
    renderPages({ path: `${RUNS}&label.team=data`, backend });
    expect(await screen.findByText(/^No run since .* matches/)).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Search further back' }),
    );
    await waitFor(() => expect(titles()).toEqual(['Ingest 2024']));
  });

  it('lead to a run by its id, however old it is', async () => {
    const backend = backendWithRuns();
    backend.scanBudget = 1;
    const [{ id }] = backend.runs;
    renderPages({ path: `${RUNS}&q=${id}`, backend });
    expect(
      await screen.findByRole('link', { name: 'Open the run with this id' }),
    ).toHaveAttribute('href', `/pipelines/runs/${id}`);
  });

  it('name what they do not understand', async () => {
    renderPages({
      path: `${RUNS}&label.a%20b=x&minDuration=soon`,
      backend: backendWithRuns(),
    });
    expect(
      await screen.findByText(/ignored: .*minDuration=soon/),
    ).toBeVisible();
    expect(screen.getByText(/label\.a b=x/)).toBeVisible();
  });

  it('hold for a bulk action on all that match', async () => {
    const backend = backendWithRuns();
    renderPages({
      path: `${RUNS}&trigger.not=schedule&label.team=data&q=502&minDuration=60`,
      backend,
    });
    const row = await screen.findByRole('row', { name: /Ingest 2024/ });
    await userEvent.click(within(row).getByRole('checkbox'));
    const bar = await screen.findByRole('region', { name: 'Chosen runs' });
    await userEvent.click(within(bar).getByRole('button', { name: /Retry/ }));
    const drawer = await screen.findByRole('dialog', {
      name: 'Act on many runs',
    });
    await userEvent.click(
      within(drawer).getByRole('radio', { name: /All that match/ }),
    );
    expect(within(drawer).getByText('labelled team=data')).toBeVisible();
    await waitFor(() =>
      expect(
        backend.requests.filter(({ path }) => path === '/runs/bulk').at(-1)
          ?.body,
      ).toMatchObject({
        dryRun: true,
        filter: {
          'trigger.not': ['schedule'],
          label: { team: 'data' },
          q: '502',
          minDuration: 60,
        },
      }),
    );
  });
});
