import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { waitFor } from '@testing-library/react';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { LogTail } from '../logs/LogTail';
import { runsKeys } from '../runs/runsQueries';
import { aRun, aStep } from '../testing/runFactory';
import { createRunFeed } from './runFeed';

const RUN_ID = aRun().id;

function aFeed() {
  const queryClient = new QueryClient();
  const tail = new LogTail();
  const feed = createRunFeed({ runId: RUN_ID, queryClient, tail });
  return { feed, tail, queryClient };
}

it('puts state, steps and progress where the hooks read them', () => {
  const { feed, queryClient } = aFeed();
  feed.take({ name: 'state', data: aRun('running') });
  feed.take({ name: 'step', data: { items: [aStep('encode', 'running', 2)] } });
  feed.take({
    name: 'progress',
    data: { progress: 0.5, currentStep: 'encode', metrics: [] },
  });
  expect(queryClient.getQueryData(runsKeys.detail(RUN_ID))).toMatchObject({
    state: 'running',
    progress: 0.5,
    currentStep: 'encode',
  });
  expect(queryClient.getQueryData(runsKeys.steps(RUN_ID))).toHaveLength(1);
});

it('keeps a state that came by the stream while an older answer was on its way', async () => {
  const { feed, queryClient } = aFeed();
  const answers: ((run: RunDetail) => void)[] = [];
  const observer = new QueryObserver(queryClient, {
    queryKey: runsKeys.detail(RUN_ID),
    queryFn: () => new Promise<RunDetail>(resolve => answers.push(resolve)),
  });
  const stop = observer.subscribe(() => {});
  feed.take({ name: 'state', data: aRun('paused') });
  answers[0](aRun('pausing'));
  await waitFor(() => expect(answers).toHaveLength(2));
  answers[1](aRun('paused'));
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
  expect(queryClient.getQueryData(runsKeys.detail(RUN_ID))).toMatchObject({
    state: 'paused',
  });
  stop();
});

it('hands log lines to the viewers and keeps each line once', () => {
  const { feed, tail } = aFeed();
  const seen: number[] = [];
  tail.listen(event => seen.push(...event.lines.map(line => line.number)));
  const line = (number: number) => ({
    number,
    stream: 'stdout' as const,
    text: 'x',
    at: '2026-10-01T12:00:00.000Z',
  });
  const facts = { attempt: 1, totalLines: 2, totalBytes: 4 };
  feed.take({ name: 'log', data: { ...facts, lines: [line(0)] } });
  feed.take({ name: 'log', data: { ...facts, lines: [line(0), line(1)] } });
  expect(seen).toEqual([0, 0, 1]);
  expect(tail.kept?.lines.map(kept => kept.number)).toEqual([0, 1]);
});

it('forgets what it kept when something in between was missed', () => {
  const { feed, tail } = aFeed();
  feed.take({
    name: 'log',
    data: { attempt: 1, lines: [], totalLines: 0, totalBytes: 0 },
  });
  feed.take({ name: 'gap', data: { reason: 'slow reader' } });
  expect(tail.kept).toBeUndefined();
});
