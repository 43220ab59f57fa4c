import { screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { RunEvent } from '@millrace/backstage-plugin-pipelines-common';
import { RunEventsTimeline } from './RunEventsTimeline';

const OTHER_RUN = '01890000-0000-7000-8000-0000000000ab';

const event = (
  seq: number,
  name: string,
  details?: unknown,
  kind: RunEvent['kind'] = 'action',
): RunEvent => ({
  seq,
  name,
  kind,
  details,
  at: '2026-10-01T12:00:00.000Z',
  actor: 'pipeline:ingest',
});

describe('RunEventsTimeline', () => {
  it('says in sentences what came of a run and of its input', async () => {
    renderInTestApp(
      <RunEventsTimeline
        events={[
          event(6, 'follower-submitted', {
            pipelineId: 'publish',
            runId: OTHER_RUN,
          }),
          event(5, 'follower-refused', { pipelineId: 'archive' }, 'warning'),
          event(4, 'input-deleted', { path: 'a/one.mp4' }),
          event(3, 'input-kept', { path: 'a/two.mp4' }, 'warning'),
          event(2, 'starts-skipped', undefined, 'warning'),
          event(1, 'note-changed'),
        ]}
        runHref={runId => `/runs/${runId}`}
      />,
    );
    for (const sentence of [
      'Its success started a run of publish',
      'Its success could not start a run of archive',
      'Its input a/one.mp4 was deleted',
      'Its input a/two.mp4 could not be deleted',
      'Earlier planned starts were missed and skipped',
      'Note changed',
    ]) {
      expect(await screen.findByText(sentence)).toBeVisible();
    }
    expect(screen.getAllByRole('link')).toHaveLength(1);
    expect(screen.getByRole('link', { name: 'Run 000000ab' })).toHaveAttribute(
      'href',
      `/runs/${OTHER_RUN}`,
    );
  });

  it('falls back to the name of an event whose details are of another release', async () => {
    renderInTestApp(
      <RunEventsTimeline
        events={[event(1, 'follower-submitted', { runId: 7 })]}
        runHref={runId => `/runs/${runId}`}
      />,
    );
    expect(await screen.findByText('Follower submitted')).toBeVisible();
    expect(screen.queryByRole('link')).toBeNull();
  });
});
