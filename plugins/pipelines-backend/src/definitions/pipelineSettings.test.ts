import { completePipeline } from '../__testUtils__';
import { AllowedFolders } from './AllowedFolders';
import { applyPipelineSettings, fitPipelineSettings } from './pipelineSettings';
import type { PipelineDefinition } from './types';

const FOLDERS = new AllowedFolders(['/srv/media']);

const RENDER = completePipeline({
  id: 'render',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['site'],
    $defs: { size: { type: 'integer', maximum: 10 } },
    properties: {
      site: { type: 'string', default: 'main' },
      size: { $ref: '#/$defs/size' },
      out: { type: 'string', default: '/srv/media/out' },
      token: { type: 'string', writeOnly: true },
      target: {
        type: 'object',
        properties: {
          host: { type: 'string' },
          password: { type: 'string', format: 'password' },
        },
      },
    },
  },
  outputFolderParameter: 'out',
  concurrency: { limit: 2, key: '${{ parameters.site }}', perKey: 1 },
  schedule: {
    cron: '0 6 * * *',
    timezone: 'Europe/Berlin',
    missed: 'once',
    enabled: true,
  },
  timeoutMs: 60_000,
  retention: { logDays: 7 },
});

function fit(patch: unknown, definition: PipelineDefinition = RENDER) {
  const { settings, problems } = fitPipelineSettings(
    definition,
    patch,
    FOLDERS,
  );
  return {
    effective: applyPipelineSettings(definition, settings, 5),
    problems: problems.map(({ path, message }) => [path.join('.'), message]),
  };
}

describe('the settings of a pipeline', () => {
  it('leave everything as configured when there are none', () => {
    expect(fit({})).toEqual({
      effective: { ...RENDER, settingsRevision: 5 },
      problems: [],
    });
  });

  it('change what they name and nothing else', () => {
    const { effective, problems } = fit({
      concurrency: { perKey: 3 },
      schedule: { enabled: false },
      queueTimeoutSeconds: 30,
      stopGraceSeconds: 0,
      retry: { maxAttempts: 4, delaySeconds: 2 },
      retention: { artifactDays: 3 },
      parameterDefaults: { site: 'north', size: 4 },
      outputFolder: '/srv/media/north',
      titleTemplate: '${{ parameters.site }}',
    });
    expect(problems).toEqual([]);
    expect(effective).toMatchObject({
      concurrency: { limit: 2, key: '${{ parameters.site }}', perKey: 3 },
      schedule: { ...RENDER.schedule, enabled: false },
      timeoutMs: 60_000,
      queueTimeoutMs: 30_000,
      stopGraceMs: 0,
      engineDefinition: { stopGraceMs: 0 },
      maxAttempts: 4,
      retry: { delayMs: 2_000, maxDelayMs: 0 },
      retention: { logDays: 7, artifactDays: 3 },
      parameters: {
        properties: {
          site: { type: 'string', default: 'north' },
          size: { $ref: '#/$defs/size', default: 4 },
          out: { default: '/srv/media/north' },
        },
      },
      titleTemplate: '${{ parameters.site }}',
    });
    expect(RENDER.parameters.properties).toMatchObject({
      site: { default: 'main' },
    });
  });

  it('take away with null', () => {
    const { effective, problems } = fit({
      concurrency: null,
      schedule: null,
      timeoutSeconds: null,
      outputFolder: null,
    });
    expect(problems).toEqual([]);
    expect(effective.concurrency).toBeUndefined();
    expect(effective.schedule).toBeUndefined();
    expect(effective.timeoutMs).toBeUndefined();
    expect(effective.parameters.properties).toMatchObject({
      out: { type: 'string' },
    });
    expect(JSON.stringify(effective.parameters)).not.toContain('/srv/media');
  });

  it.each([
    [{ command: ['sh'] }, 'command'],
    [{ concurrency: { perKey: 'x' } }, 'concurrency.perKey'],
    [{ schedule: { cron: 'x' } }, 'schedule.cron'],
    [{ schedule: { timezone: 'Mars/Olympus' } }, 'schedule.timezone'],
    [{ titleTemplate: '${{ parameters.token }}' }, 'titleTemplate'],
    [{ titleTemplate: '${{ parameters.gone }}' }, 'titleTemplate'],
    [{ outputFolder: '/etc' }, 'outputFolder'],
    [{ parameterDefaults: { gone: 1 } }, 'parameterDefaults.gone'],
    [{ parameterDefaults: { size: 11 } }, 'parameterDefaults.size'],
    [{ parameterDefaults: { out: '/etc' } }, 'parameterDefaults.out'],
    [{ parameterDefaults: { token: 'canary' } }, 'parameterDefaults.token'],
    [
      { parameterDefaults: { target: { password: 'canary' } } },
      'parameterDefaults.target',
    ],
  ])('leave %j out and keep the rest', (patch, field) => {
    const { effective, problems } = fit({ ...patch, timeoutSeconds: 5 });
    expect(problems).toEqual([[field, expect.any(String)]]);
    expect(effective).toEqual({
      ...RENDER,
      timeoutMs: 5_000,
      settingsRevision: 5,
    });
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it('keep a schedule switched off whose new cron is broken', () => {
    const { effective, problems } = fit({
      schedule: { cron: '99 * * * *', timezone: 'Nowhere', enabled: false },
    });
    expect(problems.map(([field]) => field)).toEqual([
      'schedule.timezone',
      'schedule.cron',
    ]);
    expect(effective.schedule).toEqual({ ...RENDER.schedule, enabled: false });
  });

  it('do not look at the configured cron, which may have come to its end', () => {
    const ended = {
      ...RENDER,
      schedule: { ...RENDER.schedule!, cron: '0 0 6 1 1 * 2020' },
    };
    expect(fit({ timeoutSeconds: 5 }, ended).problems).toEqual([]);
    expect(fit({ schedule: { enabled: false } }, ended).problems).toEqual([
      ['schedule', expect.stringContaining('never comes')],
    ]);
  });

  it('begin a schedule only where the defaults of the parameters are enough', () => {
    const { schedule: _, ...rest } = RENDER;
    const definition: PipelineDefinition = {
      ...rest,
      parameters: {
        type: 'object',
        required: ['site'],
        properties: { site: { type: 'string' } },
      },
      outputFolderParameter: undefined,
    };
    const cron = { schedule: { cron: '0 6 * * *' } };
    const missing = fit(cron, definition);
    expect(missing.problems).toEqual([
      ['schedule', expect.stringContaining("parameter 'site' is missing")],
    ]);
    expect(missing.effective.schedule).toBeUndefined();

    const given = fit(
      { ...cron, parameterDefaults: { site: 'x' } },
      definition,
    );
    expect(given.problems).toEqual([]);
    expect(given.effective.schedule).toEqual({
      cron: '0 6 * * *',
      timezone: 'UTC',
      missed: 'once',
      enabled: true,
    });
  });

  it('break no schedule that is configured', () => {
    const { effective, problems } = fit(
      { outputFolder: null },
      {
        ...RENDER,
        parameters: { ...RENDER.parameters, required: ['out'] },
      },
    );
    expect(problems).toEqual([['outputFolder', expect.any(String)]]);
    expect(JSON.stringify(effective.parameters)).toContain('/srv/media/out');
  });

  it.each([null, 'x', [], 7, { __proto__: null, timeoutSeconds: {} }])(
    'survive a patch that is none: %j',
    patch => {
      expect(fit(patch).effective).toEqual({ ...RENDER, settingsRevision: 5 });
    },
  );

  it('need a key for a limit per key, and a parameter for a folder', () => {
    const plain = completePipeline({ id: 'plain' });
    expect(
      fit({ concurrency: { limit: 1, perKey: 2 }, outputFolder: 'x' }, plain)
        .problems,
    ).toEqual([
      ['concurrency.perKey', expect.any(String)],
      ['outputFolder', expect.any(String)],
    ]);
  });
});
