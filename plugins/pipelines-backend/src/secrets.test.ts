import {
  coreServices,
  createServiceFactory,
  type RootLoggerService,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  API_ROUTES,
  type ApiRoute,
} from '@millrace/backstage-plugin-pipelines-common';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import request from 'supertest';
import {
  startTestPlugin,
  type TestPlugin,
} from './__testUtils__/startTestPlugin';
import { waitFor } from './__testUtils__';

const SECRET = `c4n4ry"q'uote/\\<&>é$`;
const PASSWORD = 'p4ssw0rd-of-a-canary';
const OF_THE_BACKEND = 'b4ckend-canary';
const PARAMETER = `p4r4m-c4n"ry/<&>'ü\\`;
const ENVIRONMENT = {
  CANARY: SECRET,
  CANARY_URL: `postgres://writer:${PASSWORD}@db.test/archive`,
  POSTGRES_PASSWORD: OF_THE_BACKEND,
};

/** The ways in which a secret must be nowhere, made without the code under test. */
function waysToWrite(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Without the digits at the borders, which have bits of the neighbours.
  const base64 = [0, 1, 2].map(shift =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift && 4, -4),
  );
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    bytes.toString('latin1'),
    ...base64,
    bytes.toString('hex'),
    encodeURIComponent(secret),
    json,
    json.replaceAll('/', '\\/'),
    json.replace('é', '\\u00e9'),
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  ];
}

const FORBIDDEN = [SECRET, PASSWORD, OF_THE_BACKEND, PARAMETER].flatMap(
  waysToWrite,
);

/** A program that says its secrets in every way there is, then waits, then fails. */
const PROGRAM = `
const { existsSync, readFileSync, writeFileSync } = require('fs');
const { CANARY: secret, CANARY_URL: url } = process.env;
const { go, target } = JSON.parse(readFileSync(process.env.MILLRACE_PARAMS_FILE, 'utf8'));
const password = new URL(url).password;
const escaped = text => [...text].map(c => '\\\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')).join('');
const formsOf = text => [text, Buffer.from(text).toString('base64'), Buffer.from('a' + text).toString('base64'),
  Buffer.from('ab' + text).toString('base64'), Buffer.from(text).toString('hex'), encodeURIComponent(text),
  JSON.stringify(text), "'" + text.replaceAll("'", "'\\\\''") + "'"];
const forms = [...formsOf(secret), ...formsOf(target.token), url, password, JSON.stringify({ secret, url, target })];
for (const form of forms) {
  console.log('stdout ' + form);
  console.error('stderr ' + form);
}
const say = body => console.log('::millrace::' + JSON.stringify(body));
const sayEscaped = (before, after) => {
  for (const text of [secret, url, target.token]) console.log('::millrace::{' + before + escaped(text) + after);
};
for (const text of forms) {
  say({ type: 'step', name: 'step ' + text, status: 'running', message: text });
  say({ type: 'progress', progress: 0.5, message: text });
  say({ type: 'output', name: 'output ' + text, json: { [text]: [text] } });
  say({ type: 'metric', name: 'metric ' + text, value: 1 });
  say({ type: 'summary', text });
  say({ type: 'unheard-of ' + text, text });
  say({ type: 'artifact', path: 'missing ' + text });
  say({ type: 'step', name: text, status: text });
}
sayEscaped('"type":"step","status":"running","message":"', '","name":"escaped"}');
sayEscaped('"type":"summary","text":"', '"}');
sayEscaped('"type":"output","name":"escaped","json":{"a":"', '"}}');
sayEscaped('"type":"unheard-of","a":"', '"}');
sayEscaped('"type":"artifact","path":"', '"}');
writeFileSync(process.env.MILLRACE_ARTIFACTS_DIR + '/report.txt', 'nothing secret');
say({ type: 'artifact', path: 'report.txt', name: 'report ' + password });
process.stdout.write('cut ' + secret.slice(0, 9));
setTimeout(() => {
  process.stdout.write(secret.slice(9) + '\\n');
  say({ type: 'step', name: 'waiting', status: 'running' });
  const timer = setInterval(() => {
    if (existsSync(go)) {
      clearInterval(timer);
      console.error('It failed with ' + secret + ' at ' + url + ' for ' + target.token);
      process.exitCode = 3;
    }
  }, 20);
}, 700);
`;

describe('declared secrets, secret parameters and the environment of the backend', () => {
  const said: string[] = [];
  const note = (...words: unknown[]) => {
    said.push(words.map(word => `${word} ${JSON.stringify(word)}`).join(' '));
  };
  const logger: RootLoggerService = {
    error: note,
    warn: note,
    info: note,
    debug: note,
    child: () => logger,
  };
  const former = { ...process.env };
  let plugin: TestPlugin;
  let runId: string;
  const post = (where: string, body: object, headers = {}) =>
    request(plugin.server)
      .post(`/api/pipelines${where}`)
      .set('Authorization', mockCredentials.user.header())
      .set(headers)
      .send(body);
  const hasFailed = (id: string) =>
    waitFor('the run to fail', () =>
      plugin.database.knex('runs').where({ id, state: 'failed' }).first(),
    );
  const goFile = () => path.join(plugin.dataFolder, 'go');

  beforeAll(async () => {
    Object.assign(process.env, ENVIRONMENT);
    plugin = await startTestPlugin({
      definitions: {
        telltale: {
          command: [process.execPath, '-e', PROGRAM],
          secrets: ['CANARY', 'CANARY_URL'],
          parameters: {
            properties: {
              go: { type: 'string' },
              target: {
                type: 'object',
                properties: { token: { type: 'string', format: 'password' } },
              },
            },
            type: 'object',
          },
        },
      },
      worker: { slots: 1, stopWait: { seconds: 0 } },
      pipelines: { secrets: { key: 'k3y-of-the-canary-test-0123456789' } },
      features: [
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => logger,
        }),
      ],
    });
    const { body } = await post('/runs', {
      pipelineId: 'telltale',
      parameters: { go: goFile(), target: { token: PARAMETER } },
    });
    runId = body.id;
    await waitFor('the program to have said all', () =>
      plugin.database.knex('run_steps').where({ name: 'waiting' }).first(),
    );
  }, 120_000);

  afterAll(async () => {
    await plugin?.stop();
    for (const name of Object.keys(ENVIRONMENT)) {
      delete process.env[name];
    }
    Object.assign(process.env, former);
  });

  function expectNoSecretIn(what: string, text: string) {
    const found = FORBIDDEN.filter(form => text.includes(form));
    expect({ what, found }).toEqual({ what, found: [] });
  }

  async function expectNoSecretOnDisk() {
    const entries = await readdir(plugin.dataFolder, {
      recursive: true,
      withFileTypes: true,
    });
    for (const entry of entries) {
      const file = path.join(entry.parentPath, entry.name);
      expectNoSecretIn('the name of a file', file);
      // The program is to read it there, and nobody else can.
      if (entry.isFile() && entry.name === 'params.json') {
        expect((await stat(file)).mode & 0o777).toBe(0o600);
      } else if (entry.isFile()) {
        const content = await readFile(file).catch(() => Buffer.alloc(0));
        expectNoSecretIn(file, content.toString());
        expectNoSecretIn(file, content.toString('latin1'));
      }
    }
    return entries.map(({ name }) => name);
  }

  /** What is wrong with a request is said without what is secret in it. */
  async function expectNoSecretInRefusals() {
    const parameters = { go: 'x', target: { token: PARAMETER } };
    const key = { 'Idempotency-Key': 'canary' };
    const submit = { pipelineId: 'telltale', parameters };
    await post('/runs', submit, key);
    const refusals = [
      await post('/runs', { ...submit, parameters: { ...parameters, go: 1 } }),
      await post('/runs', {
        ...submit,
        parameters: { target: { token: [PARAMETER] } },
      }),
      await post(
        '/runs',
        { ...submit, parameters: { ...parameters, go: 'y' } },
        key,
      ),
      await post(`/runs/${runId}/retry`, {
        parameters: { ...parameters, go: 1 },
      }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 409, 400]);
    refusals.forEach(({ text }) => expectNoSecretIn('a refusal', text));
  }

  it('are nowhere on disk while the run goes on', async () => {
    const names = await expectNoSecretOnDisk();
    expect(names).toEqual(
      expect.arrayContaining(['params.json', 'shim.json', 'report.txt']),
    );
  });

  it('are with the program alone, and the ones of the backend not even there', async () => {
    const { handle } = await plugin.database
      .knex('run_attempts')
      .where({ run_id: runId })
      .first('handle');
    const look = (pid: number, file: string) =>
      readFile(`/proc/${pid}/${file}`, 'utf8');

    for (const pid of [handle.shim.pid, handle.child.pid]) {
      expectNoSecretIn('a command line', await look(pid, 'cmdline'));
    }
    expectNoSecretIn('the shim', await look(handle.shim.pid, 'environ'));
    const environment = await look(handle.child.pid, 'environ');
    expect(environment).toContain(`CANARY=${SECRET}`);
    expect(environment).not.toContain(OF_THE_BACKEND);
  });

  it('are in no table, no file, no answer and no log once the run has failed', async () => {
    await writeFile(goFile(), '');
    const run = await hasFailed(runId);
    expect(run.error_message).toContain('It failed with [redacted] at [red');
    const again = await post(`/runs/${runId}/retry`, {});
    expect(again.status).toBe(201);
    await hasFailed(again.body.id);
    await expectNoSecretInRefusals();

    const { knex } = plugin.database;
    expect(await knex('run_secrets')).toHaveLength(3);

    const tables = await knex('pg_tables')
      .where({ schemaname: 'public' })
      .pluck('tablename');
    for (const table of tables) {
      for (const text of textsOf(await knex(table).select())) {
        expectNoSecretIn(`the table ${table}`, text);
      }
    }
    expect(await knex('log_chunks').where({ run_id: runId })).not.toEqual([]);
    await expectNoSecretOnDisk();
    for (const route of Object.values<ApiRoute>(API_ROUTES)) {
      if (route.method === 'get' && !route.path.includes(':artifactId')) {
        const { text } = await request(plugin.server)
          .get(
            `/api/pipelines${route.path}`
              .replace(':runId', runId)
              .replace(':pipelineId', 'telltale'),
          )
          .set('Authorization', mockCredentials.user.header())
          .buffer(true);
        expectNoSecretIn(route.path, text ?? '');
      }
    }
    expectNoSecretIn('the logs and the audit', said.join('\n'));
    expect(said.join('\n')).toContain(runId);
  });
});

/** Every text in rows, whatever their columns are. */
function textsOf(value: unknown): string[] {
  if (Buffer.isBuffer(value)) {
    return [value.toString(), value.toString('latin1')];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => [
      key,
      ...textsOf(inner),
    ]);
  }
  return [String(value)];
}
