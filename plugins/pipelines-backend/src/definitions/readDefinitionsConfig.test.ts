import { ConfigReader } from '@backstage/config';
import path from 'node:path';
import { EngineChecks, readDefinitionsConfig } from './readDefinitionsConfig';

const capabilities = {
  cancel: true,
  pause: false,
  logs: true,
  artifacts: true,
};

const engines: EngineChecks = {
  capabilitiesOf: id => (id === 'process' ? capabilities : undefined),
  check: (_id, definition) =>
    definition.command ? [] : ['command: is missing'],
};

function read(definitions: object) {
  return readDefinitionsConfig({
    config: new ConfigReader({
      pipelines: { definitions: definitions as Record<string, never> },
    }),
    engines,
    root: '/srv/portal',
  });
}

describe('readDefinitionsConfig', () => {
  it('fills in every default and completes entity refs', () => {
    expect(
      read({ nightly: { command: ['sh', 'x.sh'], owner: 'media' } }),
    ).toEqual([
      expect.objectContaining({
        id: 'nightly',
        title: 'nightly',
        owner: 'group:default/media',
        engine: 'process',
        maxAttempts: 1,
        stopGraceMs: 10_000,
        timeoutMs: undefined,
        parameters: { type: 'object', additionalProperties: false },
        engineDefinition: expect.objectContaining({
          cwd: path.resolve('/srv/portal'),
          env: [],
          secrets: [],
        }),
      }),
    ]);
  });

  it('reads durations as objects and as ISO 8601', () => {
    const [a, b] = read({
      a: { command: ['x'], timeout: { minutes: 30 } },
      b: { command: ['x'], timeout: 'PT30M', stopGrace: { seconds: 0 } },
    });
    expect(a.timeoutMs).toBe(1_800_000);
    expect(b.timeoutMs).toBe(1_800_000);
    expect(b.stopGraceMs).toBe(0);
  });

  it('takes a schedule only where the defaults of the parameters are enough', () => {
    const schedule = { cron: '0 6 * * *' };
    const url = { type: 'string' };
    const parameters = (properties: object) => ({
      type: 'object',
      required: ['url'],
      properties,
    });
    expect(
      read({
        a: {
          command: ['x'],
          schedule,
          parameters: parameters({ url: { ...url, default: 'file:///a' } }),
        },
      }),
    ).toHaveLength(1);
    expect(() =>
      read({
        a: { command: ['x'], schedule, parameters: parameters({ url }) },
      }),
    ).toThrow(/a: schedule: .*the parameter 'url' is missing/);
  });

  it('refuses templates that name no parameter, and keys that are none', () => {
    const start = () =>
      read({
        'bad-title': {
          command: ['x'],
          titleTemplate: 'Ingest ${{ parameters.url }}',
        },
        'bad-key': {
          command: ['x'],
          concurrency: { key: '${{ run.id }}', perKey: 1 },
        },
        'same-key': { command: ['x'], concurrency: { key: 'all', perKey: 1 } },
        'half-key': { command: ['x'], concurrency: { perKey: 1 } },
        'big-limit': { command: ['x'], concurrency: 10_001 },
        'long-delay': { command: ['x'], retry: { maxDelay: { days: 2 } } },
        'no-folder': { command: ['x'], outputFolderParameter: 'out' },
        'odd-folder': {
          command: ['x'],
          outputFolderParameter: 'out',
          parameters: {
            type: 'object',
            properties: { out: { type: 'integer' } },
          },
        },
      });
    for (const problem of [
      "bad-title: titleTemplate: there is no parameter 'url'",
      'bad-key: concurrency.key: only paths such as',
      'same-key: concurrency.key: names no parameter',
      'half-key: concurrency: key and perKey go together',
      'big-limit: concurrency: ',
      'long-delay: retry.maxDelay: is longer than a day',
      "no-folder: outputFolderParameter: 'out' is no parameter",
      "odd-folder: outputFolderParameter: 'out' is no parameter",
    ]) {
      expect(start).toThrow(problem);
    }
  });

  it('takes a key over parameters, and a folder that a parameter names', () => {
    const [pipeline] = read({
      render: {
        command: ['x'],
        concurrency: { key: '${{ parameters.site }}', perKey: 2 },
        outputFolderParameter: 'out',
        titleTemplate: '${{ parameters.site }} in ${{ parameters.out }}',
        parameters: {
          type: 'object',
          properties: { site: { type: 'string' }, out: { type: 'string' } },
        },
      },
    });
    expect(pipeline).toMatchObject({
      concurrency: { key: '${{ parameters.site }}', perKey: 2 },
      outputFolderParameter: 'out',
    });
  });

  it('lets pipelines start others, but not in a circle, and only those that there are', () => {
    const command = ['x'];
    const [, publish] = read({
      render: { command },
      publish: {
        command,
        after: [{ pipeline: 'render', parameters: { of: '${{ run.id }}' } }],
        parameters: {
          type: 'object',
          required: ['of'],
          properties: { of: { type: 'string' } },
        },
      },
      report: { command, after: ['render', 'publish'] },
    });
    expect(publish.after).toEqual([
      { pipelineId: 'render', parameters: { of: '${{ run.id }}' } },
    ]);

    const start = () =>
      read({
        a: { command, after: ['c'] },
        b: { command, after: ['a'] },
        c: { command, after: ['b', 'nobody'] },
        self: { after: ['self'] },
        beside: { command, after: ['a'] },
        lacks: {
          command,
          after: [{ pipeline: 'a', parameters: { nope: 1 } }],
          parameters: {
            type: 'object',
            required: ['url'],
            properties: { url: { type: 'string' } },
          },
        },
      });
    for (const problem of [
      'a: after: a is started by c is started by b is started by a, so that',
      "c: after: there is no pipeline 'nobody'",
      'self: after: self is started by self',
      'self: command: is missing',
      "lacks: after: 'a' gives the parameter 'nope', which there is not",
      "lacks: after: 'a' does not give the parameter 'url', which has no default",
    ]) {
      expect(start).toThrow(problem);
    }
    expect(start).toThrow(/6 problems/);
  });

  it('has no pipelines without configuration', () => {
    expect(
      readDefinitionsConfig({
        config: new ConfigReader({}),
        engines,
        root: '/',
      }),
    ).toEqual([]);
  });

  it('names every problem of every definition at once', () => {
    const start = () =>
      read({
        'Bad Id': { command: ['x'] },
        'no-command': {},
        'wrong-engine': { command: ['x'], engine: 'warp' },
        'odd-key': { command: ['x'], comand: ['y'] },
        'bad-schema': { command: ['x'], parameters: { type: 'array' } },
        'bad-schema-2': {
          command: ['x'],
          parameters: { type: 'object', properties: { a: { type: 'nope' } } },
        },
        'bad-cron': { command: ['x'], schedule: { cron: '99 * * * *' } },
        'bad-zone': {
          command: ['x'],
          schedule: { cron: '0 6 * * *', timezone: 'Mars/Olympus' },
        },
        'bad-time': { command: ['x'], timeout: 'soon' },
        'long-timeout': { command: ['x'], timeout: { days: 25 } },
        'no-timeout': { command: ['x'], timeout: { seconds: 0 } },
        'bad-grace': { command: ['x'], stopGrace: { hours: 1 } },
        'bad-owner': { command: ['x'], owner: ':' },
        'bad-secret': { command: ['x'], secrets: ['A=B'] },
        'bad-retry': { command: ['x'], retry: { maxAttempts: 0 } },
        'no-key': {
          command: ['x'],
          parameters: {
            type: 'object',
            properties: { token: { type: 'string', writeOnly: true } },
          },
        },
      });
    expect(start).toThrow(/16 problems/);
    for (const id of [
      'Bad Id: the id may have',
      'no-command: command: is missing',
      "wrong-engine: engine: there is no engine 'warp'",
      'odd-key: the definition: Unrecognized key: "comand"',
      "bad-schema: parameters.type: must be 'object'",
      'bad-schema-2: parameters: is no JSON Schema',
      'bad-cron: schedule.cron',
      "bad-zone: schedule.timezone: there is no time zone 'Mars/Olympus'",
      'bad-time: timeout: is no duration',
      'long-timeout: timeout: must be longer than nothing and at most 24 days',
      'no-timeout: timeout: must be longer than nothing and at most 24 days',
      'bad-grace: stopGrace: is longer than 300 seconds',
      "bad-owner: owner: ':' is no entity ref",
      'bad-secret: secrets.0: is no name',
      'bad-retry: retry.maxAttempts',
      'no-key: parameters: token cannot be kept secret without a key',
    ]) {
      expect(start).toThrow(id);
    }
  });
});
