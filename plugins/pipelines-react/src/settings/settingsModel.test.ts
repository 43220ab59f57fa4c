import {
  buildOpenApi,
  type Settings,
} from '@millrace/backstage-plugin-pipelines-common';
import { problemsOfDraft, problemsOfRefusal } from './settingProblems';
import {
  cellAfterEdit,
  mergedDraft,
  settingChanges,
  settingConflicts,
} from './settingsDraft';
import { settingsModelOf } from './settingsModel';
import { valueAt, type JsonObject } from './values';

const DOCUMENT = buildOpenApi('0');

/** The schema as the API has it. */
function schemaOf(name: 'PipelineSettings' | 'GlobalSettings'): JsonObject {
  return valueAt(DOCUMENT, ['components', 'schemas', name]) as JsonObject;
}

const CONFIGURED = {
  concurrency: { limit: 2 },
  schedule: {
    cron: '0 6 * * *',
    timezone: 'Europe/Berlin',
    missed: 'once',
    enabled: true,
  },
  timeoutSeconds: 1_800,
  retry: { maxAttempts: 3, delaySeconds: 10, maxDelaySeconds: 600 },
  parameterDefaults: { dryRun: false },
};

/** The schema as the server makes it for a pipeline with two parameters. */
function pipelineSchema(): JsonObject {
  const schema = schemaOf('PipelineSettings');
  return {
    ...schema,
    properties: {
      ...(schema.properties as JsonObject),
      parameterDefaults: {
        type: 'object',
        additionalProperties: false,
        properties: {
          url: { type: 'string', format: 'uri', title: 'Source' },
          dryRun: { type: 'boolean' },
        },
      },
    },
  };
}

function aModel(patch: JsonObject = {}) {
  const settings: Settings = {
    revision: 7,
    patch,
    configured: CONFIGURED,
    effective: {},
    schema: pipelineSchema(),
  };
  return settingsModelOf(settings);
}

type Model = ReturnType<typeof aModel>;

const fieldOf = ({ fields }: Model, id: string) => {
  const found = fields.find(field => field.id === id);
  if (!found) {
    throw new Error(`no field ${id}`);
  }
  return found;
};

const edited = (model: Model, values: Record<string, unknown>) => ({
  ...model.saved,
  ...Object.fromEntries(
    Object.entries(values).map(([id, value]) => [
      id,
      cellAfterEdit(fieldOf(model, id), value, model.configured),
    ]),
  ),
});

const problemsOf = (model: Model, values: Record<string, unknown>) =>
  problemsOfDraft({
    ...model,
    draft: edited(model, values),
    emptied: 'empty',
  });

describe('the fields of settings', () => {
  it('are all that the schema allows, by group', () => {
    const ids = aModel().fields.map(({ group, id }) => `${group} ${id}`);
    expect(ids).toEqual([
      'schedule schedule.cron',
      'schedule schedule.timezone',
      'schedule schedule.missed',
      'schedule schedule.enabled',
      'limits concurrency.limit',
      'limits concurrency.perKey',
      'limits retry.maxAttempts',
      'limits retry.delaySeconds',
      'limits retry.maxDelaySeconds',
      'timeouts timeoutSeconds',
      'timeouts queueTimeoutSeconds',
      'timeouts noOutputTimeoutSeconds',
      'timeouts stopGraceSeconds',
      'retention retention.logDays',
      'retention retention.artifactDays',
      'parameters outputFolder',
      'parameters parameterDefaults.url',
      'parameters parameterDefaults.dryRun',
      'title titleTemplate',
    ]);
  });

  it('have what an old patch names although it is not there any more', () => {
    const model = settingsModelOf({
      revision: 3,
      patch: { watches: { inbox: { enabled: false } } },
      configured: {},
      effective: {},
      schema: schemaOf('GlobalSettings'),
    });
    expect(
      model.fields.filter(({ group }) => group === 'watches').map(f => f.id),
    ).toEqual([
      'watches.inbox.enabled',
      'watches.inbox.folder',
      'watches.inbox.stableSeconds',
    ]);
    expect(model.patchOf(model.saved)).toEqual({
      watches: { inbox: { enabled: false } },
    });
  });
});

describe('a draft', () => {
  it('makes the patch that it was read from', () => {
    const patch = {
      schedule: null,
      concurrency: { limit: 4 },
      timeoutSeconds: null,
      parameterDefaults: { url: 'https://a.example/' },
    };
    const model = aModel(patch);
    expect(model.patchOf(model.saved)).toEqual(patch);
    expect(model.effectiveOf(model.saved)).toEqual({
      'concurrency.limit': 4,
      'retry.maxAttempts': 3,
      'retry.delaySeconds': 10,
      'retry.maxDelaySeconds': 600,
      'parameterDefaults.url': 'https://a.example/',
      'parameterDefaults.dryRun': false,
    });
  });

  it('holds only what was changed, and is empty again when that is reset', () => {
    const model = aModel();
    const draft = edited(model, { 'concurrency.limit': 4 });
    expect(model.patchOf(draft)).toEqual({ concurrency: { limit: 4 } });
    expect(model.isSame(draft, model.saved)).toBe(false);
    const reset = {
      ...draft,
      'concurrency.limit': { kind: 'inherited' } as const,
    };
    expect(model.patchOf(reset)).toEqual({});
    expect(model.isSame(reset, model.saved)).toBe(true);
  });

  it('removes what is configured when a field that can be without a value is cleared', () => {
    const model = aModel();
    const draft = edited(model, { timeoutSeconds: undefined });
    expect(model.patchOf(draft)).toEqual({ timeoutSeconds: null });
    expect(problemsOf(model, { timeoutSeconds: undefined }).byField).toEqual(
      {},
    );
  });

  it('asks for a value where a cleared field cannot be without one', () => {
    const model = aModel();
    expect(problemsOf(model, { 'schedule.cron': undefined }).byField).toEqual({
      'schedule.cron': 'empty',
    });
    expect(problemsOf(model, { titleTemplate: undefined }).byField).toEqual({});
  });

  it('is checked by the schema of the server, and of the parameters', () => {
    const { byField, general } = problemsOf(aModel(), {
      timeoutSeconds: 0,
      'retry.maxAttempts': 21,
      'parameterDefaults.url': 'not a url',
    });
    expect(byField).toEqual({
      timeoutSeconds: 'must be >= 1',
      'retry.maxAttempts': 'must be <= 20',
      'parameterDefaults.url': 'must match format "uri"',
    });
    expect(general).toEqual([]);
  });
});

describe('settingChanges', () => {
  it('tells what held and what will hold', () => {
    const model = aModel({ concurrency: { limit: 4 } });
    const changes = settingChanges({
      ...model,
      from: model.saved,
      to: {
        ...edited(model, { timeoutSeconds: undefined }),
        'concurrency.limit': { kind: 'inherited' },
      },
    });
    expect(
      changes.map(({ field, before, after, isReset }) => [
        field.id,
        before,
        after,
        isReset,
      ]),
    ).toEqual([
      ['concurrency.limit', 4, 2, true],
      ['timeoutSeconds', 1_800, undefined, false],
    ]);
  });
});

describe('two people at once', () => {
  const base = aModel({ concurrency: { limit: 2 }, titleTemplate: 'a' });
  const theirs = base.draftOf({
    concurrency: { limit: 3 },
    titleTemplate: 'a',
    timeoutSeconds: 60,
  });
  const yours = base.draftOf({
    concurrency: { limit: 4 },
    titleTemplate: 'b',
  });
  const conflicts = settingConflicts(base.fields, {
    base: base.saved,
    theirs,
    yours,
  });

  it('need a choice only where both changed the same to different values', () => {
    expect(conflicts.map(({ field, change }) => [field.id, change])).toEqual([
      ['concurrency.limit', 'both'],
      ['timeoutSeconds', 'theirs'],
      ['titleTemplate', 'yours'],
    ]);
  });

  it.each([
    ['yours', 4],
    ['theirs', 3],
  ] as const)('lose nothing when %s is chosen', (choice, limit) => {
    const merged = mergedDraft(conflicts, theirs, {
      'concurrency.limit': choice,
    });
    expect(base.patchOf(merged)).toEqual({
      concurrency: { limit },
      timeoutSeconds: 60,
      titleTemplate: 'b',
    });
  });
});

describe('problemsOfRefusal', () => {
  const { fields } = aModel();

  it('puts each line of a refusal at the field that it names', () => {
    const message = [
      '✖ Too big: expected number to be <=20',
      '  → at patch.retry.maxAttempts',
      '✖ Something about nothing in particular',
    ].join('\n');
    expect(problemsOfRefusal(fields, message)).toEqual({
      byField: {
        'retry.maxAttempts': 'Too big: expected number to be <=20',
      },
      general: ['Something about nothing in particular'],
    });
  });

  it('understands a sentence that begins with the setting', () => {
    expect(
      problemsOfRefusal(
        fields,
        "outputFolder: '/etc' is not below an allowed folder: /data, /media",
      ),
    ).toEqual({
      byField: {
        outputFolder: "'/etc' is not below an allowed folder: /data, /media",
      },
      general: [],
    });
  });

  it('says what is wrong with several together at the first of them', () => {
    expect(
      problemsOfRefusal(fields, 'schedule: this one needs a cron\nthe rest'),
    ).toEqual({
      byField: { 'schedule.cron': 'this one needs a cron' },
      general: ['the rest'],
    });
  });

  it('does not take a word for a setting of a longer name', () => {
    expect(
      problemsOfRefusal(fields, 'There is no outputFolders here').byField,
    ).toEqual({});
  });
});
