import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inRoot } from '../../scripts/lib/paths.ts';
import { portalApi } from '../../scripts/lib/portalApi.ts';
import { isAlive } from '../../scripts/lib/processes.ts';
import { until } from '../harness/index.ts';
import { readExamples, Machine } from './support/docExamples.ts';
import { OutsideBench } from './support/OutsideBench.ts';

const sh = (script: string) => ['sh', '-c', script];

let bench: OutsideBench;
before(async () => {
  bench = await OutsideBench.open({
    talk: {
      command: sh(`echo out; echo err >&2; cat "$MILLRACE_PARAMS_FILE"`),
      parameters: { type: 'object', additionalProperties: true },
    },
    'exit-5': { command: sh('echo bad; exit 5') },
    slow: { command: sh('exec sleep 600'), timeout: { seconds: 2 } },
    endless: { command: sh('exec sleep 600'), stopGrace: { seconds: 1 } },
  });
});
after(() => bench?.close());

describe('a token of a reporter', () => {
  const ask = async (token: string, path_: string, init: RequestInit = {}) => {
    const response = await portalApi(bench.portal.url, token).fetch(
      path_,
      init,
    );
    await response.body?.cancel();
    return response.status;
  };
  const send = (method: string, body: object): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const put = (state: string) =>
    send('PUT', { pipelineId: 'server-backup', state });
  const post = (body: object) => send('POST', body);
  const RUN = '/api/pipelines/runs/external/nightly-cron/token';

  it('that may only report may do nothing else', async () => {
    const token = fs.readFileSync(bench.reportOnlyFile, 'utf8');
    assert.equal(await ask(token, RUN, put('running')), 200);
    const { id } = (await bench.find('token'))!;
    const forbidden = await Promise.all(
      [
        '/api/pipelines/runs',
        '/api/pipelines/pipelines',
        '/api/pipelines/stats',
        '/api/pipelines/workers',
        '/api/catalog/entities',
        '/api/search/query?term=x',
      ].map(async path_ => [path_, await ask(token, path_)]),
    );
    assert.deepEqual(
      forbidden.filter(([, status]) => status !== 403),
      [],
    );
    // What it may not see is not there.
    const hidden: [string, RequestInit?][] = [
      [`/api/pipelines/runs/${id}`],
      [`/api/pipelines/runs/${id}/logs`],
      [`/api/pipelines/runs/${id}/cancel`, post({})],
      ['/api/pipelines/runs', post({ pipelineId: 'talk' })],
    ];
    for (const [path_, init] of hidden) {
      assert.equal(await ask(token, path_, init), 404, path_);
    }
  });

  it('that may run pipelines too may control none', async () => {
    const token = fs.readFileSync(bench.tokenFile, 'utf8');
    assert.equal(await ask(token, RUN, put('running')), 200);
    const { id } = (await bench.find('token'))!;
    assert.equal(await ask(token, `/api/pipelines/runs/${id}`), 200);
    assert.equal(
      await ask(token, `/api/pipelines/runs/${id}/cancel`, post({})),
      403,
    );
    assert.equal(await ask(token, '/api/catalog/entities'), 403);
    assert.equal(await ask('no-such-token-at-all', RUN, put('running')), 401);
  });
});

describe('a pipeline that the portal is asked to run', () => {
  const submit = (pipeline: string, ...flags: string[]) =>
    bench.run(['--submit', '--follow', '--pipeline', pipeline, ...flags]);

  it('prints its log, each stream as it is, and ends as it ends', async () => {
    const { code, stdout, stderr } = await submit(
      'talk',
      ...['--param', 'url=https://example.org', '--param', 'limit=5'],
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'out\n{"url":"https://example.org","limit":5}\n');
    assert.match(stderr, /^err$/m);
    assert.match(stderr, /Run [0-9a-f-]{36}: http.*\/pipelines\/runs\//);
    assert.match(stderr, /succeeded/);
  });

  it('ends with the exit code of the run that failed', async () => {
    const { code, stdout, stderr } = await submit('exit-5');
    assert.deepEqual({ code, stdout }, { code: 5, stdout: 'bad\n' });
    assert.match(stderr, /failed: .*5/);
  });

  it('ends with 124 when it timed out', async () => {
    assert.equal((await submit('slow')).code, 124);
  });

  it('ends with 75 when nobody waits any longer, and 130 when it was cancelled', async () => {
    const impatient = await submit(
      'endless',
      ...['--id', 'endless-1', '--wait-timeout', '1s'],
    );
    assert.equal(impatient.code, 75);
    assert.match(impatient.stderr, /goes on/);
    // The same id is the same run.
    const patient = bench.start([
      ...['--submit', '--follow', '--pipeline', 'endless', '--id', 'endless-1'],
    ]);
    const id = await until(
      () => /Run ([0-9a-f-]{36})/.exec(patient.stderr)?.[1],
      {
        what: 'the run to be submitted',
      },
    );
    assert.ok(impatient.stderr.includes(id));
    await bench.api.post(`/api/pipelines/runs/${id}/cancel`, {});
    assert.equal(await patient.code, 130);
  });

  it('prints its id when nobody follows it', async () => {
    const { code, stdout } = await bench.run([
      '--submit',
      '--pipeline',
      'talk',
    ]);
    assert.equal(code, 0);
    const run = await bench.read<{ pipelineId: string }>(stdout.trim());
    assert.equal(run.pipelineId, 'talk');
  });

  it('says why it is not run', async () => {
    const unknown = await submit('no-such-pipeline');
    assert.equal(unknown.code, 64);
    assert.match(unknown.stderr, /No pipeline 'no-such-pipeline'/);
    const outside = await submit('server-backup');
    assert.equal(outside.code, 64);
    assert.match(outside.stderr, /executed only elsewhere/);
    const wrongToken = path.join(bench.folder, 'wrong.token');
    fs.writeFileSync(wrongToken, 'no-such-token-at-all');
    const stranger = await bench.run(['--submit', '--pipeline', 'talk'], {
      tokenFile: wrongToken,
    });
    assert.equal(stranger.code, 77);
    assert.doesNotMatch(stranger.stderr, /no-such-token/);
  });

  it('is followed through a restart of the portal', async () => {
    const runner = bench.start([
      ...['--submit', '--follow', '--pipeline', 'endless'],
    ]);
    const id = await until(
      () => /Run ([0-9a-f-]{36})/.exec(runner.stderr)?.[1],
      {
        what: 'the run to be submitted',
      },
    );
    bench.portal.kill('SIGKILL');
    await bench.portal.exited();
    await until(() => runner.stderr.includes('trying again'), {
      what: 'the follower to notice',
    });
    await bench.portal.restart();
    assert.ok(isAlive(runner.child.pid!));
    await bench.api
      .post(`/api/pipelines/runs/${id}/cancel`, { force: true })
      .catch(() => {}); // Where its worker took it down
    assert.ok([125, 130].includes((await runner.code)!));
  });
});

describe('the examples of docs/outside-runners.md', () => {
  const examples = readExamples(inRoot('docs/outside-runners.md'));
  const counted = async () => {
    const [{ count }] = await bench.postgres.query<{ count: string }>(
      `select count(*) from runs where pipeline_id in ('server-backup', 'nightly-report')`,
    );
    return Number(count);
  };

  it('are of every kind', () => {
    const kinds = new Set(examples.map(({ language }) => language));
    assert.deepEqual([...kinds].sort(), ['bat', 'crontab', 'sh', 'yaml']);
    assert.equal(examples.length, 8);
  });

  examples.forEach(example =>
    it(`work: ${example.language} from line ${example.line} on`, async () => {
      const machine = Machine.prepare({
        folder: fs.mkdtempSync(path.join(bench.folder, 'machine-')),
        portal: bench.portal.url,
        tokenFile: bench.tokenFile,
      });
      const before_ = await counted();
      for (const command of machine.commandsOf(example)) {
        const { code, output } = await machine.run(command);
        assert.equal(code, 0, output);
        assert.doesNotMatch(output, /waits in/);
      }
      assert.equal(await counted(), before_ + 1);
    }),
  );

  it('leave behind what the page says', async () => {
    const [byHttp] = await bench.postgres.query<Record<string, unknown>>(
      `select r.state, r.error_step, a.host, a.log_bytes,
         (select count(*) from run_artifacts where run_id = r.id) as artifacts,
         (select string_agg(name || ' ' || state, ', ' order by position)
            from run_steps where run_id = r.id) as steps
         from foreign_runs f join runs r on r.id = f.run_id
         join run_attempts a on a.run_id = r.id
        where f.external_id = 'backup-4711'`,
    );
    assert.deepEqual(byHttp, {
      state: 'failed',
      error_step: 'verify',
      host: 'db-1',
      log_bytes: '15',
      artifacts: '1',
      steps: 'copy succeeded, verify failed',
    });
    const [wrapped] = await bench.postgres.query<Record<string, unknown>>(
      `select id, state, summary, labels, progress from runs where title = 'Backup of the north'`,
    );
    assert.deepEqual(
      { ...wrapped, id: '' },
      {
        id: '',
        state: 'succeeded',
        summary: 'Copied 3 files',
        labels: { site: 'north' },
        progress: 0.5,
      },
    );
    assert.equal(
      (await bench.rawLog(String(wrapped.id))).toString(),
      'copying with [redacted]\n',
    );
  });
});
