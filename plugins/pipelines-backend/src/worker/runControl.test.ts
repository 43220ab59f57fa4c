import { mockCredentials } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { readdirSync, readFileSync } from 'node:fs';
import request from 'supertest';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';
import { waitFor } from '../__testUtils__';
import { taggedProcesses } from '../engines/__testUtils__/processes';

const TICKS = 'n=0; while :; do echo $((n++)); sleep 0.02; done';
const shell = (script: string, more: JsonObject = {}): JsonObject => ({
  command: ['bash', '-c', script],
  stopGrace: { seconds: 5 },
  ...more,
});

jest.setTimeout(60_000);

/** Real processes behind the real API. */
describe('a run under control', () => {
  let plugin: TestPlugin;

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {
        ticks: shell(TICKS),
        polite: shell(
          `trap 'echo cleaned; exit 0' TERM; echo up; while :; do sleep 0.02; done`,
        ),
        brief: shell(TICKS, { timeout: { seconds: 2 } }),
        quiet: shell('echo up; sleep 60', { noOutputTimeout: { seconds: 1 } }),
        steps: shell(
          `echo '::millrace::{"type":"step","name":"load","status":"running"}'; ${TICKS}`,
          { stepTimeout: { seconds: 1 } },
        ),
        secret: shell(
          `cat "$MILLRACE_PARAMS_FILE"; grep -q '"tok-c4nary"' "$MILLRACE_PARAMS_FILE"`,
          {
            parameters: {
              type: 'object',
              properties: { token: { type: 'string', writeOnly: true } },
            },
          },
        ),
        resumable: shell(
          `say() { echo "::millrace::$1"; }
           step() { say "{\\"type\\":\\"step\\",\\"name\\":\\"$1\\",\\"status\\":\\"$2\\"}"; }
           if [ -z "$MILLRACE_RESUME_STEP" ]; then
             step download running; echo film > "$MILLRACE_ARTIFACTS_DIR/film.txt"
             say '{"type":"artifact","path":"film.txt"}'; step download succeeded
             step publish running; step publish failed; exit 1
           fi
           step publish running; echo "$MILLRACE_RESUME_STEP $MILLRACE_RESUME_RUN_ID $(cat "$MILLRACE_RESUME_DIR/film.txt")"
           step publish succeeded`,
          { resumableSteps: true },
        ),
      },
      worker: { slots: 6, stopWait: { seconds: 0 } },
      pipelines: { secrets: { key: 'the key of this test, long enough' } },
    });
  }, 120_000);
  afterAll(() => plugin?.stop());

  const post = (path: string, body: object = {}) =>
    request(plugin.server)
      .post(`/api/pipelines${path}`)
      .set('Authorization', mockCredentials.user.header())
      .send(body);
  async function submit(pipelineId: string, parameters: JsonObject = {}) {
    const { status, body } = await post('/runs', { pipelineId, parameters });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body.id as string;
  }
  async function act(runId: string, action: string, body?: object) {
    const { status } = await post(`/runs/${runId}/${action}`, body);
    return status;
  }
  const rowOf = (runId: string) =>
    plugin.database.knex('runs').where({ id: runId }).first();
  const reaches = (runId: string, state: string, timeoutMs = 15_000) =>
    waitFor(
      `run ${runId} to be ${state}`,
      async () => {
        const row = await rowOf(runId);
        return row.state === state && row;
      },
      { timeoutMs },
    );
  async function logOf(runId: string): Promise<string> {
    const chunks = await plugin.database
      .knex('log_chunks')
      .where({ run_id: runId })
      .orderBy(['attempt', 'chunk_no']);
    return Buffer.concat(chunks.map(({ data }) => data)).toString();
  }
  const hasLogged = (runId: string, length = 1) =>
    waitFor('the log to grow', async () => {
      const log = await logOf(runId);
      return log.length >= length && log;
    });
  const eventsOf = (runId: string) =>
    plugin.database.knex('run_events').where({ run_id: runId }).orderBy('seq');
  const statesOf = (runId: string) =>
    taggedProcesses(runId).map(pid => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return stat[stat.lastIndexOf(')') + 2];
    });

  it('stands still when it is paused, keeps its lease, and goes on without a gap', async () => {
    const runId = await submit('ticks');
    await hasLogged(runId);
    expect(await act(runId, 'pause')).toBe(200);
    const paused = await reaches(runId, 'paused');
    expect(new Set(statesOf(runId))).toEqual(new Set(['T']));

    await waitFor(
      'the lease to be renewed twice',
      async () =>
        (await rowOf(runId)).heartbeat_at - paused.heartbeat_at > 9_000,
      { timeoutMs: 20_000 },
    );
    expect(new Set(statesOf(runId))).toEqual(new Set(['T']));
    const before = await logOf(runId);
    expect(await act(runId, 'resume')).toBe(200);
    await hasLogged(runId, before.length + 100);
    expect((await rowOf(runId)).paused_ms).not.toBe('0');

    expect(await act(runId, 'cancel', { force: true })).toBe(200);
    await reaches(runId, 'cancelled');
    const numbers = (await logOf(runId)).trimEnd().split('\n');
    expect(numbers).toEqual(numbers.map((_, index) => `${index}`));
  });

  it('is ended politely when it is cancelled while it stands still', async () => {
    const runId = await submit('polite');
    await hasLogged(runId);
    await act(runId, 'pause');
    await reaches(runId, 'paused');

    expect(await act(runId, 'cancel')).toBe(200);
    await reaches(runId, 'cancelled');
    expect(await logOf(runId)).toContain('cleaned');
    expect(taggedProcesses(runId)).toEqual([]);
  });

  it('survives pauses, resumes and a cancel in any order, and never sticks in between', async () => {
    const runIds = await Promise.all(
      Array.from({ length: 4 }, () => submit('ticks')),
    );
    const storm = async (runId: string) => {
      for (let round = 0; round < 12; round++) {
        const status = await act(
          runId,
          Math.random() < 0.5 ? 'pause' : 'resume',
        );
        expect([200, 409]).toContain(status);
        await new Promise(resolve => setTimeout(resolve, Math.random() * 60));
      }
    };
    await Promise.all(runIds.map(storm));
    await Promise.all(
      runIds.map(async (runId, index) => {
        if (index % 2 === 0) {
          await waitFor('a state that lasts', async () =>
            ['running', 'paused'].includes((await rowOf(runId)).state),
          );
          await act(runId, 'resume');
          await reaches(runId, 'running');
          const before = await logOf(runId);
          await hasLogged(runId, before.length + 100);
        }
        expect(await act(runId, 'cancel')).toBe(200);
        await reaches(runId, 'cancelled');
        expect(taggedProcesses(runId)).toEqual([]);
      }),
    );
  });

  it('does not use up its time while it stands still', async () => {
    const runId = await submit('brief');
    await hasLogged(runId);
    await act(runId, 'pause');
    const paused = await reaches(runId, 'paused');
    await waitFor('more than its time', async () => {
      const { rows } = await plugin.database.knex.raw(
        `select clock_timestamp() > ?::timestamptz + interval '3 seconds' as over`,
        [paused.started_at],
      );
      return rows[0].over;
    });
    expect((await rowOf(runId)).state).toBe('paused');

    await act(runId, 'resume');
    expect((await reaches(runId, 'timed_out')).error_message).toContain('2 s');
  });

  it.each([
    ['quiet', 'no-output', /not written anything for 1 s/],
    ['steps', 'step', /'load' takes longer than the 1 s/],
  ])('ends %s because of its %s timeout', async (pipelineId, _, reason) => {
    const runId = await submit(pipelineId);
    await reaches(runId, 'timed_out');
    expect(taggedProcesses(runId)).toEqual([]);
    expect((await eventsOf(runId)).map(event => event.reason)).toContainEqual(
      expect.stringMatching(reason),
    );
  });

  it('gets its secret parameters, which nobody else does', async () => {
    const runId = await submit('secret', { token: 'tok-c4nary' });
    await reaches(runId, 'succeeded');
    expect(await logOf(runId)).toBe('{"token":"[redacted]"}');
    expect((await rowOf(runId)).parameters).toEqual({ token: '••••' });
    const { status, body } = await post('/runs', {
      pipelineId: 'secret',
      parameters: { token: '12345' },
    });
    expect(status).toBe(400);
    expect(body.error.message).toContain('at least 6 bytes');
  });

  it('begins at the step that failed, with what the run before had made', async () => {
    const first = await submit('resumable');
    await reaches(first, 'failed');
    const { status, body } = await post(`/runs/${first}/retry`, {
      fromFailedStep: true,
    });
    expect(status).toBe(201);
    await reaches(body.id, 'succeeded');
    expect(await logOf(body.id)).toBe(`publish ${first} film\n`);
    await waitFor('its folders to be removed', () => {
      const attempts = `${plugin.dataFolder}/attempts`;
      return !readdirSync(attempts).some(name => name.startsWith(body.id));
    });
  });
});
