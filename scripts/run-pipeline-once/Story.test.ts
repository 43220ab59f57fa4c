import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMessage } from './readMessage.mjs';
import { Story } from './Story.mjs';

const AT = new Date('2026-11-21T10:00:00.000Z');
const LATER = new Date('2026-11-21T10:01:00.000Z');

function storyOf(...records: Parameters<Story['add']>[0][]): Story {
  const story = new Story();
  story.add({
    type: 'begin',
    at: AT.toISOString(),
    portal: 'https://portal.example.org',
    reporter: 'cron',
    externalId: '4711',
    report: { pipelineId: 'nightly', host: 'backup-1' },
  });
  records.forEach(record => story.add(record));
  return story;
}

describe('the story of a run', () => {
  it('is a report with the newest of everything', () => {
    const story = storyOf(
      { type: 'progress', progress: 0.1, message: 'begin' },
      { type: 'progress', progress: 0.5 },
      { type: 'metric', name: 'files', value: 1 },
      { type: 'metric', name: 'files', value: 2 },
      { type: 'output', name: '__proto__', json: [1] },
      { type: 'summary', text: 'half' },
    );
    const { outputs, ...report } = story.report({ ended: true });
    assert.deepEqual(report, {
      pipelineId: 'nightly',
      host: 'backup-1',
      state: 'running',
      startedAt: AT.toISOString(),
      progress: 0.5,
      progressMessage: 'begin',
      metrics: { files: 2 },
      summary: 'half',
      sequence: 6,
    });
    assert.deepEqual(Object.entries(outputs as object), [['__proto__', [1]]]);
  });

  it('has its end in a report of its own, with a number of its own', () => {
    const error = { kind: 'exit', exitCode: 3, message: 'exit code 3' };
    const story = storyOf({
      type: 'end',
      at: LATER.toISOString(),
      state: 'failed',
      error,
    });
    const before = story.report({ ended: false });
    const after = story.report({ ended: true });
    assert.equal(before.state, 'running');
    assert.ok(!('finishedAt' in before));
    assert.deepEqual(
      {
        state: after.state,
        finishedAt: 'finishedAt' in after && after.finishedAt,
      },
      { state: 'failed', finishedAt: LATER.toISOString() },
    );
    assert.ok(before.sequence < after.sequence);
  });

  it('has steps in the order in which they first appeared, with their times', () => {
    const step = (
      name: string,
      status: 'pending' | 'running' | 'failed',
      at: Date,
    ) => ({
      type: 'step' as const,
      at: at.toISOString(),
      name,
      status,
    });
    const { steps } = storyOf(
      step('a', 'pending', AT),
      step('b', 'running', AT),
      step('a', 'running', LATER),
      { ...step('b', 'failed', LATER), message: 'no' },
    );
    assert.deepEqual(JSON.parse(JSON.stringify(steps)), [
      { name: 'a', state: 'running', startedAt: LATER.toISOString() },
      {
        name: 'b',
        state: 'failed',
        message: 'no',
        startedAt: AT.toISOString(),
        finishedAt: LATER.toISOString(),
      },
    ]);
  });

  it('has no more than a portal takes', () => {
    const many = Array.from({ length: 1_100 }, (_, index) => String(index));
    const story = storyOf(
      ...many.map(name => ({ type: 'metric' as const, name, value: 1 })),
      ...many.map(name => ({ type: 'output' as const, name, json: 1 })),
      ...many.map(name => ({
        type: 'step' as const,
        at: AT.toISOString(),
        name,
        status: 'running' as const,
      })),
    );
    const { metrics = {}, outputs = {} } = story.report({ ended: false });
    assert.equal(Object.keys(metrics).length, 100);
    assert.equal(Object.keys(outputs).length, 100);
    assert.equal(story.steps.length, 1_000);
  });
});

describe('a line of the protocol', () => {
  it('says what a portal can store', () => {
    assert.deepEqual(
      readMessage({ type: 'summary', text: 'a\0b\ud800c' }, AT),
      { type: 'summary', text: 'ab\ufffdc' },
    );
    assert.deepEqual(
      readMessage({ type: 'artifact', path: '/tmp/a/report.pdf' }, AT),
      {
        type: 'file',
        path: '/tmp/a/report.pdf',
        name: 'report.pdf',
        mediaType: undefined,
      },
    );
    assert.equal(readMessage({ type: 'joke', text: 'ha' }, AT), undefined);
  });

  const malformed = [
    { type: 'step', name: 'a', status: 'ok' },
    { type: 'step', name: '', status: 'running' },
    { type: 'progress', progress: 2 },
    { type: 'progress', progress: '0.5' },
    { type: 'metric', name: 'a', value: Infinity },
    { type: 'output', name: 'a' },
    { type: 'artifact' },
  ];
  for (const message of malformed) {
    it(`is refused when it is ${JSON.stringify(message)}`, () => {
      assert.throws(() => readMessage(message, AT));
    });
  }
});
