import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { FakeBackend, FakeFailure } from '../../../dev/fake/FakeBackend';
import { demoPipelines } from '../../../dev/fake/pipelines';
import { renderPages } from '../../../dev/fake/renderPages';
import { runFactory } from '../../../dev/fake/runFactory';

const CANNOT_FREEZE = {
  cancel: true,
  pause: false,
  logs: true,
  artifacts: true,
};

function openRun(run: RunDetail, more: RunDetail[] = []) {
  const backend = new FakeBackend({
    pipelines: demoPipelines(),
    runs: [run, ...more],
  });
  renderPages({ path: `/pipelines/runs/${run.id}`, backend });
  return backend;
}

function sent(backend: FakeBackend, method: string, path: RegExp) {
  return backend.requests
    .filter(request => request.method === method && path.test(request.path))
    .map(({ body }) => body);
}

async function press(name: string) {
  await userEvent.click(await screen.findByRole('button', { name }));
}

async function chooseFromMenu(name: string) {
  await press('More actions');
  await userEvent.click(await screen.findByRole('menuitem', { name }));
}

async function confirm(name: string) {
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name }));
}

async function untilClosed() {
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

async function untilToast(text: string) {
  await waitFor(() => expect(screen.getByText(text)).toBeVisible());
}

describe('actions on a run', () => {
  it('pauses with the reason, having said what stops and what waits, and resumes', async () => {
    const run = runFactory.running({ title: 'Ingest 2025' });
    const backend = openRun(run);
    await press('Pause…');
    const dialog = await screen.findByRole('dialog');
    for (const text of [
      /processes stand still until/,
      /lease and its slot stay taken/,
      /time limits wait/,
      /[Cc]onnections .* may drop/,
    ]) {
      expect(within(dialog).getByText(text)).toBeVisible();
    }
    await userEvent.type(within(dialog).getByRole('textbox'), 'Archive moves');
    await confirm('Pause');
    await untilClosed();
    expect(sent(backend, 'POST', /\/pause$/)).toEqual([
      { reason: 'Archive moves' },
    ]);
    expect(await screen.findByText(/It has stood still for/)).toBeVisible();
    expect(screen.getByText(/Reason: Archive moves/)).toBeVisible();
    expect(await screen.findByText(/^stood still \d+ s$/)).toBeVisible();

    await press('Resume…');
    await confirm('Resume');
    await untilClosed();
    expect(backend.run(run.id).state).toBe('running');
    expect(await screen.findByRole('button', { name: 'Pause…' })).toBeVisible();
  });

  it('says that only the next attempt is held where the engine cannot freeze', async () => {
    const run = runFactory.running({ capabilities: CANNOT_FREEZE });
    openRun(run);
    await press('Pause…');
    expect(
      await screen.findByText(/this attempt goes on, and only a next attempt/),
    ).toBeVisible();
    await confirm('Pause');
    await untilClosed();
    expect(await screen.findByText('The next attempt is held')).toBeVisible();
  });

  it('holds a queued run and says so', async () => {
    const backend = openRun(runFactory.queued({ title: 'Ingest 2025' }));
    await press('Pause…');
    expect(
      await screen.findByText(/does not until somebody resumes it/),
    ).toBeVisible();
    await confirm('Hold');
    await untilClosed();
    expect(await screen.findByText('Held')).toBeVisible();
    expect(backend.runs[0].state).toBe('queued');
  });

  it('retries with the same parameters and links to the new run', async () => {
    const run = runFactory.failed({ title: 'Ingest 2025' });
    const backend = openRun(run);
    await press('Retry…');
    expect(
      screen.queryByRole('checkbox', { name: /From the failed step/ }),
    ).toBeNull();
    await confirm('Retry');
    await untilToast('Ingest 2025 was submitted again');
    const created = backend.runs[1];
    expect(created.retryOf).toBe(run.id);
    expect(
      screen.getByRole('link', { name: 'Open the new run' }),
    ).toHaveAttribute('href', `/pipelines/runs/${created.id}`);
  });

  it('retries from the failed step where the pipeline can', async () => {
    const run = runFactory.failed({ resumableFrom: 'load' });
    const backend = openRun(run);
    await press('Retry…');
    await userEvent.click(
      await screen.findByRole('checkbox', {
        name: "From the failed step 'load'",
      }),
    );
    await confirm('Retry');
    await untilClosed();
    expect(sent(backend, 'POST', /\/retry$/)).toEqual([
      { fromFailedStep: true },
    ]);
  });

  it('opens the form to retry with edited parameters', async () => {
    const run = runFactory.failed({
      parameters: { url: 'https://archive.example.org/2024.json' },
    });
    const backend = openRun(run);
    await press('Retry…');
    await userEvent.click(
      await screen.findByRole('radio', { name: 'Edited parameters' }),
    );
    await confirm('Edit parameters');
    const field = await screen.findByRole('textbox', { name: /Source/ });
    await userEvent.clear(field);
    await userEvent.type(field, 'https://archive.example.org/2025.json');
    await press('Retry');
    await untilClosed();
    expect(sent(backend, 'POST', /^\/runs$/)).toEqual([]);
    expect(sent(backend, 'POST', /\/retry$/)).toEqual([
      {
        parameters: { url: 'https://archive.example.org/2025.json' },
      },
    ]);
  });

  it('moves a queued run to the top at once, and sets its priority', async () => {
    const run = runFactory.queued({ title: 'Ingest 2025' });
    const backend = openRun(run, [runFactory.queued({ priority: 7 })]);
    await chooseFromMenu('Move to top');
    await untilToast('Ingest 2025 is the next of its pipeline');
    expect(backend.run(run.id).priority).toBe(8);

    await chooseFromMenu('Set priority…');
    const field = await screen.findByRole('textbox', { name: /Priority/ });
    expect(
      await screen.findByText(/Move to top has raised it from 0 to 8/),
    ).toBeVisible();
    expect(field).toHaveValue('0');
    await userEvent.clear(field);
    await userEvent.type(field, '-3');
    await userEvent.tab();
    await confirm('Set priority');
    await untilClosed();
    expect(backend.run(run.id).priority).toBe(-3);
  });

  it('lets a run that waits for its time start now, and says meanwhile what it waits for', async () => {
    const run = runFactory.queued({
      title: 'Ingest 2025',
      runAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const backend = openRun(run);
    const waiting = await screen.findByRole('row', { name: /Start time/ });
    expect(waiting).toHaveTextContent(/or later\d+ m \d\d s to go/);
    await chooseFromMenu('Run now');
    await untilToast('Ingest 2025 starts as soon as there is a slot for it');
    expect(sent(backend, 'PATCH', /./)).toEqual([{ runAt: 'now' }]);
  });

  it('edits note and labels, and sends only what changed', async () => {
    const run = runFactory.succeeded({ labels: { team: 'data' }, note: 'Old' });
    const backend = openRun(run);
    await chooseFromMenu('Edit note and labels…');
    const dialog = await screen.findByRole('dialog');
    const save = within(dialog).getByRole('button', { name: 'Save' });
    expect(save).toBeDisabled();
    const note = within(dialog).getByRole('textbox', { name: /Note/ });
    await userEvent.clear(note);
    await userEvent.type(note, 'Checked by hand');
    await userEvent.click(save);
    await untilClosed();
    expect(sent(backend, 'PATCH', /./)).toEqual([{ note: 'Checked by hand' }]);
    expect(await screen.findByText('Checked by hand')).toBeVisible();

    await chooseFromMenu('Edit note and labels…');
    const labels = await screen.findByRole('textbox', { name: /Labels/ });
    await userEvent.type(labels, '\n=wrong');
    expect(screen.getByText(/Line 2 is not name=value/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
  });

  it('says who was faster, and how the run is now', async () => {
    const run = runFactory.running({ title: 'Ingest 2025' });
    const backend = openRun(run);
    await press('Cancel…');
    await screen.findByRole('dialog');
    Object.assign(backend.run(run.id), {
      state: 'cancelled',
      finishedAt: new Date().toISOString(),
      cancelRequest: {
        at: new Date().toISOString(),
        by: 'user:default/noor',
        reason: 'Wrong file',
        force: false,
      },
    });
    backend.failures.set(
      /\/cancel$/,
      new FakeFailure(409, 'ConflictError', 'It was cancelled by noor'),
    );
    await confirm('Cancel run');
    const dialog = screen.getByRole('dialog');
    expect(
      await within(dialog).findByText('It was cancelled by noor'),
    ).toBeVisible();
    expect(await within(dialog).findByText('Cancelled')).toBeVisible();
    expect(
      await within(dialog).findByText('Running → Cancelled'),
    ).toBeVisible();
    expect(
      within(dialog).getByRole('button', { name: 'Cancel run' }),
    ).toBeDisabled();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Reload' }),
    );
    await untilClosed();
    expect(await screen.findByText(/: Wrong file/)).toBeVisible();
  });

  it('keeps the refusal of an action that is done at once', async () => {
    const run = runFactory.queued({ title: 'Ingest 2025' });
    const backend = openRun(run);
    backend.failures.set(
      /^PATCH/,
      new FakeFailure(409, 'ConflictError', 'It has started'),
    );
    await chooseFromMenu('Move to top');
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText('Move to top was not done')).toBeVisible();
    expect(within(dialog).getByText('It has started')).toBeVisible();
  });

  it('is begun by key', async () => {
    openRun(runFactory.running({ title: 'Ingest 2025' }));
    await screen.findByRole('button', { name: 'Cancel…' });
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: 'Cancel…' }),
      ).not.toHaveAttribute('aria-disabled'),
    );
    await userEvent.keyboard('{Shift>}P{/Shift}');
    expect(await screen.findByRole('button', { name: 'Pause' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await untilClosed();
    await userEvent.keyboard('{Shift>}C{/Shift}');
    expect(
      await screen.findByRole('button', { name: 'Cancel run' }),
    ).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await untilClosed();
    // It is not over, so there is nothing to retry.
    await userEvent.keyboard('{Shift>}R{/Shift}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await userEvent.keyboard('{Shift>}E{/Shift}');
    expect(
      await screen.findByRole('textbox', { name: /Source/ }),
    ).toBeVisible();
  });

  it('tells of the runs that it came from and that came of it', async () => {
    const first = runFactory.failed();
    const run = runFactory.failed({
      retryOf: first.id,
      resumedFrom: 'load',
      quarantinedAt: new Date().toISOString(),
      state: 'lost',
    });
    openRun(run, [first]);
    expect(await screen.findByText(/^A retry of/)).toHaveTextContent(
      `A retry of ${first.id.slice(-8)}, which began at its step 'load'`,
    );
    expect(screen.getByText('Quarantined')).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Retry…' })).toHaveLength(2);
  });

  it('says on every button what a reader lacks', async () => {
    const run = runFactory.failed({ pipelineId: 'foreign-actions' });
    renderPages({
      path: `/pipelines/runs/${run.id}`,
      backend: new FakeBackend({ runs: [run] }),
      mayAct: false,
    });
    const retry = await screen.findByRole('button', { name: 'Retry…' });
    await waitFor(() => expect(retry).toHaveAttribute('aria-disabled', 'true'));
    await userEvent.tab();
    act(() => retry.focus());
    await waitFor(() =>
      expect(screen.getByRole('tooltip')).toHaveTextContent(
        'Needs pipelines.run.control on this pipeline; ask group:default/data-platform',
      ),
    );
    await userEvent.click(retry);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('lets those who may control only some runs control these, and run nothing anew', async () => {
    // Answers about a pipeline outlive a test, so this is about one that no other asks about.
    const mine = runFactory.running({ title: 'Mine', pipelineId: 'guarded' });
    const open = (run: RunDetail) =>
      renderPages({
        path: `/pipelines/runs/${run.id}`,
        backend: new FakeBackend({ runs: [run] }),
        mayAct: false,
        controlledRunIds: [mine.id],
      });
    const ofOther = open(runFactory.running({ title: 'Theirs' }));
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Cancel…' })).toHaveAttribute(
        'aria-disabled',
        'true',
      ),
    );
    ofOther.unmount();

    open(mine);
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: 'Cancel…' }),
      ).not.toHaveAttribute('aria-disabled'),
    );
    await waitFor(() =>
      expect(
        screen.getByRole('button', { name: 'Run again with edits…' }),
      ).toHaveAttribute('aria-disabled', 'true'),
    );
    await press('Cancel…');
    expect(
      await screen.findByRole('button', { name: 'Cancel run' }),
    ).toBeVisible();
  });

  it('offers to retry only where the pipeline may be run as well', async () => {
    const run = runFactory.failed();
    renderPages({
      path: `/pipelines/runs/${run.id}`,
      backend: new FakeBackend({ runs: [run] }),
      mayAct: false,
      controlledRunIds: [run.id],
    });
    const retry = await screen.findByRole('button', { name: 'Retry…' });
    await userEvent.tab();
    act(() => retry.focus());
    await waitFor(() =>
      expect(screen.getByRole('tooltip')).toHaveTextContent(
        'Needs pipelines.pipeline.run on this pipeline',
      ),
    );
    expect(retry).toHaveAttribute('aria-disabled', 'true');
  });
});
