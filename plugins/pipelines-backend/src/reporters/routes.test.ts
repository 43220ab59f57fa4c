import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { createHash } from 'node:crypto';
import request from 'supertest';
import { waitFor } from '../__testUtils__';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';
import { MAX_LOG_PART_BYTES } from './routes';

const API = '/api/pipelines';
const SERVICE = mockCredentials.service.header();
const READER = mockCredentials.user.header('user:default/reader');
const REPORTING_USER = mockCredentials.user.header('user:default/ada');
const LOG_LIMIT = 1_000;

let plugin: TestPlugin;
let denied: string[] = [];
let count = 0;

function decide(
  credentials: BackstageCredentials,
  permission: Permission,
): PolicyDecision {
  const { type } = credentials.principal as { type: string };
  return {
    result:
      type === 'service' && denied.includes(permission.name)
        ? AuthorizeResult.DENY
        : AuthorizeResult.ALLOW,
  };
}

beforeAll(async () => {
  plugin = await startTestPlugin({
    definitions: {
      nightly: {
        command: [process.execPath, '--version'],
        titleTemplate: 'Report of ${{ parameters.day }}',
        parameters: {
          type: 'object',
          properties: {
            day: { type: 'string' },
            password: { type: 'string', writeOnly: true },
          },
        },
      },
      elsewhere: { engine: 'outside', version: 7 },
      other: { engine: 'outside' },
    },
    pipelines: {
      secrets: { key: 'k'.repeat(32) },
      logs: { maxBytes: LOG_LIMIT },
      artifacts: { maxBytes: 10_000 },
      reporters: {
        cron: {
          subjects: ['external:test-service', 'user:default/ada'],
          pipelines: ['nightly', 'elsewhere'],
        },
        free: { subjects: ['external:test-service'] },
        stranger: { subjects: ['external:stranger'] },
      },
    },
    decide,
    worker: { slots: 1 },
  });
}, 120_000);
afterAll(() => plugin?.stop());
beforeEach(() => {
  denied = [];
});

/** Reports one run, whose id nobody else has. */
function reporter(externalId = `run ${++count}`, name = 'cron') {
  const path = `${API}/runs/external/${name}/${encodeURIComponent(externalId)}`;
  const put = (rest: string) =>
    request(plugin.server).put(`${path}${rest}`).set('Authorization', SERVICE);
  return {
    externalId,
    report: (body: object, token = SERVICE) =>
      put('')
        .set('Authorization', token)
        .send({ pipelineId: 'elsewhere', ...body }),
    steps: (body: object) => put('/steps').send(body),
    log: (offset: number, bytes: string | Buffer, stream = 'stdout') =>
      put(`/logs?offset=${offset}&stream=${stream}`)
        .type('application/octet-stream')
        .send(Buffer.from(bytes)),
    artifact: (name_: string, bytes: string, query = '') =>
      put(`/artifacts/${encodeURIComponent(name_)}${query}`)
        .type('application/octet-stream')
        .send(Buffer.from(bytes)),
  };
}

async function read(path: string) {
  const { status, body } = await request(plugin.server)
    .get(`${API}${path}`)
    .set('Authorization', READER);
  expect(status).toBe(200);
  return body;
}

async function readLog(runId: string): Promise<string> {
  const { body } = await request(plugin.server)
    .get(`${API}/runs/${runId}/logs/raw`)
    .set('Authorization', READER)
    .buffer(true)
    .parse((res, done) => {
      const parts: Buffer[] = [];
      res.on('data', part => parts.push(Buffer.from(part)));
      res.on('end', () => done(null, Buffer.concat(parts).toString()));
    });
  return body;
}

/** Everything of runs that a request could have changed, apart from when it was heard of; their failures come by themselves. */
async function everything() {
  const { rows } = await plugin.database.knex.raw(`
    select (select json_agg(to_jsonb(r) - 'last_report_at' - 'fingerprint' order by id) from runs r where origin = 'reported') as runs,
      (select json_agg(e order by run_id, seq) from run_events e) as events,
      (select json_agg(a order by run_id, attempt) from run_attempts a) as attempts,
      (select json_agg(s order by run_id, position) from run_steps s) as steps,
      (select json_agg(f order by external_id) from foreign_runs f) as foreign_runs,
      (select json_agg(d order by id) from stats_deltas d) as deltas,
      (select json_agg(c order by run_id, chunk_no) from log_chunks c) as chunks,
      (select json_agg(x order by id) from run_artifacts x) as artifacts`);
  return rows[0];
}

async function expectRefused(
  response: PromiseLike<request.Response>,
  status: number,
  message: RegExp,
) {
  const before = await everything();
  const { status: actual, body } = await response;
  expect({ status: actual, message: body.error?.message }).toEqual({
    status,
    message: expect.stringMatching(message),
  });
  expect(await everything()).toEqual(before);
}

describe('reporting a run', () => {
  it('makes a run that everybody sees as one of elsewhere', async () => {
    const { externalId, report } = reporter();
    const { status, body } = await report({
      state: 'running',
      startedAt: '2026-11-20T02:30:00Z',
      host: 'backup-1',
      labels: { site: 'north' },
      progress: 0.25,
      progressMessage: 'copying',
    });
    expect({ status, state: body.state }).toEqual({
      status: 200,
      state: 'running',
    });
    expect(await read(`/runs/${body.id}`)).toMatchObject({
      pipelineId: 'elsewhere',
      title: 'elsewhere',
      origin: 'reported',
      trigger: 'outside',
      submittedBy: 'reporter:cron',
      reporter: 'cron',
      labels: { site: 'north' },
      progress: 0.25,
      progressMessage: 'copying',
      pipelineVersion: '7',
      startedAt: '2026-11-20T02:30:00.000Z',
      queuedAt: '2026-11-20T02:30:00.000Z',
      lastReportAt: expect.any(String),
      capabilities: {
        cancel: false,
        pause: false,
        logs: true,
        artifacts: true,
      },
    });
    const [attempt] = (await read(`/runs/${body.id}/attempts`)).items;
    expect(attempt).toMatchObject({
      attempt: 1,
      state: 'running',
      workerId: 'cron',
      host: 'backup-1',
    });
    expect((await read(`/runs/${body.id}/events`)).items).toMatchObject([
      {
        kind: 'transition',
        name: 'reported',
        to: 'running',
        actor: 'reporter:cron',
        details: { externalId, caller: 'service:external:test-service' },
      },
    ]);
    const list = await read('/runs?trigger=outside');
    expect(list.items).toContainEqual(
      expect.objectContaining({ id: body.id, reporter: 'cron' }),
    );
  });

  it('changes nothing when a report comes twice, or late', async () => {
    const { report } = reporter();
    const first = { state: 'running', sequence: 5, progress: 0.5 };
    const { body } = await report(first);
    const before = await everything();
    for (const again of [
      first,
      { state: 'queued', sequence: 4 },
      { state: 'failed', sequence: 0 },
    ]) {
      const answer = await report(again);
      expect(answer.body).toEqual({ id: body.id, state: 'running' });
    }
    expect(await everything()).toEqual(before);

    await report({ state: 'succeeded', sequence: 6 });
    const over = await everything();
    await report({ state: 'succeeded' });
    expect(await everything()).toEqual(over);
  });

  it('makes one run of many first reports at once', async () => {
    const { report } = reporter();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => report({ state: 'running' })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    const { items } = await read(`/runs/${answers[0].body.id}/events`);
    expect(items).toHaveLength(1);
  });

  it('lets states jump, and keeps words that it does not know', async () => {
    const { report } = reporter();
    const { body } = await report({ state: 'queued' });
    await report({ state: 'succeeded' });
    await report({ state: 'running' });
    await report({ state: 'WAITING FOR TAPE' });
    expect(await read(`/runs/${body.id}`)).toMatchObject({
      state: 'unknown',
      foreignState: 'WAITING FOR TAPE',
    });
    const { items } = await read(`/runs/${body.id}/events`);
    expect(
      items.map((item: Record<string, string>) => [
        item.name,
        item.from,
        item.to,
      ]),
    ).toEqual([
      ['reported', 'running', 'unknown'],
      ['corrected', 'succeeded', 'running'],
      ['reported', 'queued', 'succeeded'],
      ['reported', undefined, 'queued'],
    ]);
  });

  it('is never started by a worker, and leaves the limits of the queue alone', async () => {
    const { body } = await reporter().report({
      pipelineId: 'nightly',
      state: 'queued',
    });
    const own = await request(plugin.server)
      .post(`${API}/runs`)
      .set('Authorization', READER)
      .send({ pipelineId: 'nightly' });
    await waitFor(
      'the run behind it to be executed',
      async () => (await read(`/runs/${own.body.id}`)).state === 'succeeded',
      { timeoutMs: 30_000 },
    );
    expect((await read(`/runs/${body.id}`)).state).toBe('queued');
  }, 60_000);

  it.each(['cancel', 'retry'])(
    'leaves a run alone that somebody wants to %s',
    async action => {
      const { body } = await reporter().report({
        pipelineId: 'nightly',
        state: action === 'retry' ? 'failed' : 'running',
      });
      await expectRefused(
        request(plugin.server)
          .post(`${API}/runs/${body.id}/${action}`)
          .set('Authorization', READER)
          .send({}),
        409,
        /executed elsewhere/,
      );
    },
  );

  it('takes title, error, summary, metrics and outputs', async () => {
    const { report } = reporter();
    const { body } = await report({
      state: 'running',
      title: 'Backup of the north',
      metrics: { files: 3, bytes: 10 },
      outputs: { plan: { files: ['a'] } },
    });
    await report({
      state: 'failed',
      summary: 'Copied half',
      error: { message: 'The tape is full', exitCode: 28, step: 'copy' },
      metrics: { files: 4 },
      outputs: { result: null },
    });
    expect(await read(`/runs/${body.id}`)).toMatchObject({
      title: 'Backup of the north',
      summary: 'Copied half',
      error: {
        kind: 'exit',
        message: 'The tape is full',
        exitCode: 28,
        step: 'copy',
      },
      metrics: [
        { name: 'bytes', value: 10 },
        { name: 'files', value: 4 },
      ],
    });
    const outputs = (await read(`/runs/${body.id}/outputs`)).items;
    expect(outputs).toMatchObject([
      { name: 'plan', json: { files: ['a'] } },
      { name: 'result', json: null },
    ]);
  });

  it('makes the title of the parameters, and hides those that are secret', async () => {
    const { body } = await reporter().report({
      pipelineId: 'nightly',
      state: 'succeeded',
      parameters: { day: 'Monday', password: 'hunter2hunter2', more: 1 },
    });
    expect(await read(`/runs/${body.id}`)).toMatchObject({
      title: 'Report of Monday',
      parameters: { day: 'Monday', password: '••••', more: 1 },
    });
  });
});

describe('what is counted', () => {
  it('counts a reported run once, as it is now', async () => {
    const { report } = reporter();
    const knex = plugin.database.knex;
    await report({ state: 'running', startedAt: '2026-11-21T08:00:00Z' });
    const { body } = await report({
      state: 'failed',
      finishedAt: '2026-11-21T08:01:00Z',
    });
    const weights = async () =>
      knex('stats_deltas')
        .where({ pipeline_id: 'elsewhere' })
        .whereRaw(
          `ended_at in ('2026-11-21T08:01:00Z', '2026-11-21T08:02:00Z')`,
        )
        .orderBy('id')
        .select('state', 'duration_ms', 'weight');
    expect(await weights()).toEqual([
      { state: 'failed', duration_ms: '60000', weight: 1 },
    ]);
    await report({ state: 'succeeded', finishedAt: '2026-11-21T08:02:00Z' });
    await report({ state: 'succeeded', summary: 'fine' });
    expect(await weights()).toEqual([
      { state: 'failed', duration_ms: '60000', weight: 1 },
      { state: 'failed', duration_ms: '60000', weight: -1 },
      { state: 'succeeded', duration_ms: '120000', weight: 1 },
    ]);
    await report({ state: 'running' });
    expect((await weights()).map(row => row.weight)).toEqual([1, -1, 1, -1]);
    expect((await read(`/runs/${body.id}`)).finishedAt).toBeUndefined();
  });
});

describe('who may report', () => {
  it('lets a user report who is among the subjects, under the name of the reporter', async () => {
    const { body, status } = await reporter().report(
      { state: 'running' },
      REPORTING_USER,
    );
    expect(status).toBe(200);
    expect((await read(`/runs/${body.id}/events`)).items[0]).toMatchObject({
      actor: 'reporter:cron',
      details: { caller: 'user:default/ada' },
    });
  });

  it('forbids it to everybody else, for reporters that there are and that there are not', async () => {
    const running = { state: 'running' };
    for (const name of ['stranger', 'nobody']) {
      await expectRefused(
        reporter('x', name).report(running),
        403,
        /not among the subjects/,
      );
    }
    await expectRefused(
      reporter().report(running, READER),
      403,
      /'user:default\/reader' is not among the subjects/,
    );
    await expectRefused(
      reporter().report(running, mockCredentials.none.header()),
      401,
      /./,
    );
  });

  it('forbids it without the permission, in every way', async () => {
    const { report, steps, log, artifact } = reporter();
    await report({ state: 'running' });
    denied = ['pipelines.run.report'];
    for (const call of [
      report({ state: 'failed' }),
      steps({ steps: [] }),
      log(0, 'x\n'),
      artifact('x.txt', 'x'),
    ]) {
      await expectRefused(
        call,
        403,
        /needs the permission 'pipelines.run.report'/,
      );
    }
  });

  it('forbids pipelines that the reporter is not for, and knows none that is not configured', async () => {
    const report = (pipelineId: string, name?: string) =>
      reporter(undefined, name).report({ pipelineId, state: 'running' });
    await expectRefused(report('other'), 403, /may not report runs of 'other'/);
    await expectRefused(report('nope'), 403, /may not report runs of 'nope'/);
    await expectRefused(report('nope', 'free'), 404, /No pipeline 'nope'/);
    expect((await report('other', 'free')).status).toBe(200);
  });
});

describe('bad reports', () => {
  it.each<[string, object, number, RegExp]>([
    ['no state', {}, 400, /state/],
    ['an empty state', { state: '' }, 400, /state/],
    ['something unknown', { state: 'running', foo: 1 }, 400, /foo/],
    [
      'no time',
      { state: 'failed', finishedAt: 'yesterday' },
      400,
      /finishedAt/,
    ],
    [
      'a time that nothing has',
      { state: 'failed', finishedAt: '0001-01-01T00:00:00Z' },
      400,
      /no run is of that time/,
    ],
    [
      'an end of what goes on',
      { state: 'running', finishedAt: '2026-11-21T08:00:00Z' },
      400,
      /no finishedAt/,
    ],
    ['NUL', { state: 'a\0b' }, 400, /NUL/],
    [
      'too many metrics',
      {
        state: 'running',
        metrics: Object.fromEntries(
          Array.from({ length: 101 }, (_, i) => [`m${i}`, i]),
        ),
      },
      400,
      /at most 100 metrics/,
    ],
    [
      'an output that is too large',
      { state: 'running', outputs: { big: 'x'.repeat(1_100_000) } },
      400,
      /as an artifact/,
    ],
    [
      'a run to attach to that there is not',
      { state: 'running', attachTo: '01a00000-0000-7000-8000-000000000000' },
      404,
      /No run '01a00000/,
    ],
  ])('are refused with %s', async (_, body, status, message) => {
    await expectRefused(reporter().report(body), status, message);
  });

  it('are refused with an id that nobody can read', async () => {
    await expectRefused(
      reporter('x'.repeat(201)).report({ state: 'running' }),
      400,
      /1 to 200 characters/,
    );
    await expectRefused(
      reporter('a\nb').report({ state: 'running' }),
      400,
      /1 to 200 characters/,
    );
  });

  it('cannot move a run to another pipeline', async () => {
    const { report } = reporter();
    await report({ state: 'running' });
    await expectRefused(
      report({ pipelineId: 'nightly', state: 'failed' }),
      409,
      /was reported for pipeline 'elsewhere'/,
    );
  });

  it('keep the metrics and outputs of a run within what it may have', async () => {
    const { report } = reporter();
    const metrics = (from: number) =>
      Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`m${from + index}`, index]),
      );
    await report({ state: 'running', metrics: metrics(0) });
    await expectRefused(
      report({ state: 'failed', metrics: metrics(60) }),
      400,
      /would have 120 metrics/,
    );
  });

  it('of steps, log or artifact need a run', async () => {
    const { steps, log, artifact } = reporter();
    for (const call of [
      steps({ steps: [] }),
      log(0, 'x'),
      artifact('x', 'x'),
    ]) {
      await expectRefused(call, 404, /report its state first/);
    }
  });
});

describe('a part of a run of ours', () => {
  async function ownRun() {
    const { body } = await request(plugin.server)
      .post(`${API}/runs`)
      .set('Authorization', READER)
      .send({ pipelineId: 'nightly', runAt: '2030-01-01T00:00:00Z' });
    return body.id as string;
  }

  it('is told as an event of it, once for each state, and is no run itself', async () => {
    const attachTo = await ownRun();
    const { externalId, report } = reporter();
    const body = { pipelineId: 'nightly', attachTo };
    const runs = () => plugin.database.knex('runs').count().first();
    const before = await runs();
    for (const state of ['running', 'running', 'succeeded', 'succeeded']) {
      const answer = await report({ ...body, state, summary: 'All copied' });
      expect(answer.body).toEqual({ id: attachTo, state: 'queued' });
    }
    await report({ pipelineId: 'nightly', state: 'failed', sequence: 3 });
    await report({ pipelineId: 'nightly', state: 'running', sequence: 2 });
    expect(await runs()).toEqual(before);
    const { items } = await read(`/runs/${attachTo}/events`);
    expect(items).toMatchObject([
      { name: 'reported', details: { state: 'failed' } },
      { name: 'reported', details: { state: 'succeeded' } },
      {
        kind: 'action',
        name: 'attached',
        actor: 'reporter:cron',
        reason: 'All copied',
        details: { externalId, state: 'running' },
      },
      { name: 'submitted' },
    ]);
  });

  it('has no steps, log or artifacts of its own', async () => {
    const attachTo = await ownRun();
    const { report, steps, log, artifact } = reporter();
    await report({ pipelineId: 'nightly', attachTo, state: 'running' });
    for (const call of [
      steps({ steps: [{ name: 'a', state: 'running' }] }),
      log(0, 'x\n'),
      artifact('x', 'x'),
    ]) {
      await expectRefused(call, 409, new RegExp(`part of run '${attachTo}'`));
    }
  });

  it('cannot be one of another pipeline, of a reported run, or of what was a run before', async () => {
    const attachTo = await ownRun();
    await expectRefused(
      reporter().report({ state: 'running', attachTo }),
      404,
      /of pipeline 'elsewhere'/,
    );
    const { report } = reporter();
    const { body } = await report({ pipelineId: 'nightly', state: 'running' });
    await expectRefused(
      reporter().report({
        pipelineId: 'nightly',
        state: 'running',
        attachTo: body.id,
      }),
      409,
      /executed elsewhere itself/,
    );
    await expectRefused(
      report({ pipelineId: 'nightly', state: 'failed', attachTo }),
      409,
      /as a run of its own/,
    );
  });
});

describe('reporting steps', () => {
  const names = async (runId: string) =>
    (await read(`/runs/${runId}/steps`)).items.map(
      (step: Record<string, string>) => `${step.name} ${step.state}`,
    );

  it('has them in their order, and those that are open end with the run', async () => {
    const { report, steps } = reporter();
    const { body } = await report({ state: 'running' });
    await steps({
      steps: [
        {
          name: 'copy',
          state: 'succeeded',
          startedAt: '2026-11-21T08:00:00Z',
          finishedAt: '2026-11-21T08:00:30Z',
        },
        { name: 'verify', state: 'running', message: '3 of 9' },
        { name: 'clean', state: 'pending' },
      ],
    });
    expect((await read(`/runs/${body.id}`)).currentStep).toBe('verify');
    const [copy, verify] = (await read(`/runs/${body.id}/steps`)).items;
    expect(copy).toMatchObject({
      position: 0,
      startedAt: '2026-11-21T08:00:00.000Z',
      finishedAt: '2026-11-21T08:00:30.000Z',
    });
    expect(verify).toMatchObject({ message: '3 of 9' });

    await report({ state: 'failed' });
    expect(await names(body.id)).toEqual([
      'copy succeeded',
      'verify failed',
      'clean skipped',
    ]);
    expect((await read(`/runs/${body.id}`)).currentStep).toBeUndefined();
  });

  it('changes nothing when they come twice or late, and replaces them otherwise', async () => {
    const { report, steps } = reporter();
    const { body } = await report({ state: 'running', sequence: 1 });
    const second = {
      steps: [{ name: 'a', state: 'running' }],
      sequence: 3,
    };
    await steps(second);
    const before = await everything();
    await steps(second);
    await steps({ steps: [], sequence: 2 });
    expect(await everything()).toEqual(before);
    await steps({
      steps: [
        { name: 'b', state: 'skipped' },
        { name: 'a', state: 'succeeded' },
      ],
      sequence: 4,
    });
    expect(await names(body.id)).toEqual(['b skipped', 'a succeeded']);
  });

  it('refuses two of one name', async () => {
    const { report, steps } = reporter();
    await report({ state: 'running' });
    const step = { name: 'a', state: 'running' };
    await expectRefused(steps({ steps: [step, step] }), 409, /two steps 'a'/);
  });
});

describe('reporting a log', () => {
  it('has every byte once, whatever was sent twice', async () => {
    const { report, log } = reporter();
    const { body } = await report({ state: 'running' });
    expect((await log(0, 'one\ntwo\n')).body).toEqual({ bytes: 8 });
    expect((await log(0, 'one\ntwo\n')).body).toEqual({ bytes: 8 });
    expect((await log(4, 'two\nthree')).body).toEqual({ bytes: 13 });
    expect((await log(13, '\n', 'stderr')).body).toEqual({ bytes: 14 });
    expect((await log(0, '')).body).toEqual({ bytes: 14 });
    expect(await readLog(body.id)).toBe('one\ntwo\nthree\n');
    const { lines } = await read(`/runs/${body.id}/logs?direction=forward`);
    expect(
      lines.map(
        (line: Record<string, string>) => `${line.stream} ${line.text}`,
      ),
    ).toEqual(['stdout one', 'stdout two', 'stdout three', 'stderr ']);
  });

  it('refuses a gap, and says where to go on', async () => {
    const { report, log } = reporter();
    await report({ state: 'running' });
    await log(0, 'one\n');
    await expectRefused(log(5, 'x'), 409, /has 4 bytes.*go on from 4/);
  });

  it('has every byte once when parts arrive at once', async () => {
    const { report, log } = reporter();
    const { body } = await report({ state: 'running' });
    const all = Array.from(
      { length: 60 },
      (_, index) => `line ${index}\n`,
    ).join('');
    for (let end = 100; end < all.length + 100; end += 100) {
      const answers = await Promise.all([
        log(0, all.slice(0, end)),
        log(0, all.slice(0, end)),
        log(Math.max(0, end - 150), all.slice(Math.max(0, end - 150), end)),
      ]);
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    }
    expect(await readLog(body.id)).toBe(all);
  });

  it('stops at the limit of a log, says so once, and counts on', async () => {
    const { report, log } = reporter();
    const { body } = await report({ state: 'running' });
    const line = `${'x'.repeat(99)}\n`;
    expect((await log(0, line.repeat(9))).body.bytes).toBe(900);
    expect((await log(900, line.repeat(2))).body.bytes).toBe(1_100);
    expect((await log(1_100, line)).body.bytes).toBe(1_200);
    expect((await log(1_100, line)).body.bytes).toBe(1_200);
    const stored = await readLog(body.id);
    expect(stored.slice(0, LOG_LIMIT)).toBe(line.repeat(10));
    expect(stored.slice(LOG_LIMIT)).toMatch(
      /^\[millrace\] This log met its limit of 1,000 bytes\. .*\n$/,
    );
    expect((await read(`/runs/${body.id}/logs`)).truncated).toBe(true);
  });

  it('refuses more than fits into one request', async () => {
    const { report, log } = reporter();
    await report({ state: 'running' });
    await expectRefused(
      log(0, Buffer.alloc(MAX_LOG_PART_BYTES + 1)),
      413,
      /too large/,
    );
  });
});

describe('reporting an artifact', () => {
  const sha256 = (text: string) =>
    createHash('sha256').update(text).digest('hex');

  it('keeps the file, and the same file once more changes nothing', async () => {
    const { report, artifact } = reporter();
    const { body } = await report({ state: 'running' });
    const put = () =>
      artifact('report ü.txt', 'hello', `?sha256=${sha256('hello')}`);
    expect((await put()).body).toEqual({ id: body.id, state: 'running' });
    const before = await everything();
    await put();
    expect(await everything()).toEqual(before);
    const [item] = (await read(`/runs/${body.id}/artifacts`)).items;
    expect(item).toMatchObject({
      name: 'report ü.txt',
      mediaType: 'text/plain',
      bytes: 5,
      sha256: sha256('hello'),
    });
    const content = await request(plugin.server)
      .get(`${API}/runs/${body.id}/artifacts/${item.id}/content`)
      .set('Authorization', READER);
    expect(content.text).toBe('hello');

    await artifact('report ü.txt', 'hello again');
    const { items } = await read(`/runs/${body.id}/artifacts`);
    expect(items).toMatchObject([{ bytes: 11 }]);
  });

  it('refuses what is not what its hash says, and what is too large', async () => {
    const { report, artifact } = reporter();
    await report({ state: 'running' });
    await expectRefused(
      artifact('a.txt', 'hello', `?sha256=${sha256('hellO')}`),
      400,
      /changed on their way/,
    );
    await expectRefused(
      artifact('a.txt', 'hello', '?sha256=xyz'),
      400,
      /sha256/,
    );
    await expectRefused(
      artifact('a.txt', 'x'.repeat(10_001)),
      400,
      /more than 10000 bytes/,
    );
  });
});

describe('a pipeline that is executed only elsewhere', () => {
  it('cannot be run from here', async () => {
    await expectRefused(
      request(plugin.server)
        .post(`${API}/runs`)
        .set('Authorization', READER)
        .send({ pipelineId: 'elsewhere' }),
      409,
      /executed only elsewhere/,
    );
  });

  it('has nothing that would start it', async () => {
    const start = (definition: object) =>
      startTestPlugin({
        definitions: JSON.parse(
          JSON.stringify({ x: { engine: 'outside', ...definition } }),
        ),
      });
    await expect(start({ command: ['true'] })).rejects.toThrow(
      /starts nothing/,
    );
    await expect(start({ schedule: { cron: '0 6 * * *' } })).rejects.toThrow(
      /neither schedule nor after/,
    );
  });
});
