import {
  buildOpenApi,
  type Settings,
  type SettingsRevision,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FakeBackend } from './FakeBackend';
import { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';

type JsonObject = Record<string, unknown>;

const SELF = 'user:default/ada';

/** The portal's settings, among those of pipelines. */
const PORTAL = '';

const SCHEMAS = (
  buildOpenApi('fake').components as { schemas: Record<string, JsonObject> }
).schemas;

/** Settings of a backend in memory: revisions by scope, refusals, and saves by somebody else. */
export class FakeSettings {
  /** What the configuration says; of the portal under the empty name. */
  readonly configured = new Map<string, JsonObject>();
  readonly #revisions = new Map<string, SettingsRevision[]>();
  readonly #backend: FakeBackend;

  constructor(backend: FakeBackend) {
    this.#backend = backend;
  }

  routes(): FakeRoute[] {
    const revisions = (scope: string) => ({
      items: [...this.#of(scope)].reverse(),
    });
    return [
      [/^GET \/settings$/, () => this.read(PORTAL)],
      [/^GET \/settings\/revisions$/, () => revisions(PORTAL)],
      [/^PUT \/settings$/, request => this.#put(PORTAL, request)],
      [
        /^POST \/settings\/revisions\/(\d+)\/restore$/,
        (request, revision) => this.#restore(PORTAL, revision, request),
      ],
      [/^GET \/pipelines\/([^/]+)\/settings$/, (_, id) => this.read(id)],
      [
        /^GET \/pipelines\/([^/]+)\/settings\/revisions$/,
        (_, id) => revisions(id),
      ],
      [
        /^PUT \/pipelines\/([^/]+)\/settings$/,
        (request, id) => this.#put(id, request),
      ],
      [
        /^POST \/pipelines\/([^/]+)\/settings\/revisions\/\d+\/restore$/,
        (request, id) =>
          this.#restore(id, request.path.split('/')[5] ?? '', request),
      ],
    ];
  }

  /** Runs at once over all pipelines, if there is a limit. */
  portalLimit(): number | undefined {
    const { concurrency } = this.read(PORTAL).effective;
    return typeof concurrency === 'number' ? concurrency : undefined;
  }

  /** Configured, edited, in force. */
  read(scope: string): Settings {
    const revisions = this.#of(scope);
    const newest = revisions[revisions.length - 1];
    const configured = this.#configuredOf(scope);
    const patch = newest?.patch ?? {};
    return {
      revision: newest?.revision ?? 0,
      author: newest?.author,
      at: newest?.at,
      patch,
      configured,
      effective: overlay(configured, patch),
      schema: this.#schemaOf(scope),
    };
  }

  /** Saves a revision, as anybody would. */
  save(
    scope: string,
    patch: JsonObject,
    more: { author?: string; note?: string; restored?: number } = {},
  ): void {
    const before = this.read(scope);
    this.#of(scope).push({
      revision: before.revision + 1,
      author: SELF,
      at: new Date().toISOString(),
      patch,
      changed: changedPaths(before.patch, patch),
      ...more,
    });
    const pipeline = this.#backend.pipelines.find(({ id }) => id === scope);
    if (pipeline) {
      const { effective } = this.read(scope);
      pipeline.settingsRevision = before.revision + 1;
      pipeline.concurrency =
        effective.concurrency as typeof pipeline.concurrency;
    }
    this.#backend.changed();
  }

  #of(scope: string): SettingsRevision[] {
    const known = this.#revisions.get(scope) ?? [];
    this.#revisions.set(scope, known);
    return known;
  }

  /** The schema with the names of this scope in it, as the backend makes it. */
  #schemaOf(scope: string): JsonObject {
    if (scope === PORTAL) {
      const schema = SCHEMAS.GlobalSettings;
      const { watches } = schema.properties as Record<string, JsonObject>;
      const ids = Object.keys(
        (this.#configuredOf(PORTAL).watches ?? {}) as object,
      );
      return withNamed(
        schema,
        'watches',
        ids.map(id => [id, watches.additionalProperties]),
      );
    }
    const { parameters } = this.#backend.pipeline(scope);
    return withNamed(
      SCHEMAS.PipelineSettings,
      'parameterDefaults',
      Object.entries((parameters.properties ?? {}) as JsonObject).filter(
        ([, one]) => !(one as JsonObject).writeOnly,
      ),
    );
  }

  #configuredOf(scope: string): JsonObject {
    const known = this.configured.get(scope);
    if (known || scope === PORTAL) {
      return known ?? {};
    }
    const pipeline = this.#backend.pipeline(scope);
    const { schedule, timeoutSeconds, stopGraceSeconds, maxAttempts } =
      pipeline;
    const configured: JsonObject = JSON.parse(
      JSON.stringify({
        concurrency: pipeline.concurrency,
        schedule: schedule && { ...schedule, nextAt: undefined },
        timeoutSeconds,
        stopGraceSeconds,
        retry: { maxAttempts, delaySeconds: 10, maxDelaySeconds: 600 },
        retention: { logDays: 30, artifactDays: 90 },
        titleTemplate: pipeline.title,
      }),
    );
    this.configured.set(scope, configured);
    return configured;
  }

  #put(scope: string, { body = {} }: FakeRequest): Settings {
    this.#requireBase(scope, body);
    const patch = body.patch as JsonObject;
    const folders = [
      ['outputFolder', patch.outputFolder],
      ...Object.entries((patch.watches ?? {}) as JsonObject).map(
        ([id, watch]) => [
          `watches.${id}.folder`,
          (watch as JsonObject | undefined)?.folder,
        ],
      ),
    ] as const;
    for (const [path, folder] of folders) {
      if (typeof folder === 'string' && folder.startsWith('/etc')) {
        throw new FakeFailure(
          400,
          'InputError',
          `${path}: '${folder}' is not below an allowed folder; allowed are media and inbox`,
        );
      }
    }
    if (!body.dryRun) {
      this.save(scope, patch, { note: body.note as string | undefined });
    }
    return this.read(scope);
  }

  #restore(
    scope: string,
    revision: string,
    { body = {} }: FakeRequest,
  ): Settings {
    this.#requireBase(scope, body);
    const old = this.#of(scope).find(one => one.revision === Number(revision));
    if (!old) {
      throw new FakeFailure(404, 'NotFoundError', `No revision ${revision}`);
    }
    this.save(scope, old.patch, {
      note: body.note as string | undefined,
      restored: old.revision,
    });
    return this.read(scope);
  }

  #requireBase(scope: string, body: JsonObject): void {
    const { revision, author } = this.read(scope);
    if (body.baseRevision !== revision) {
      throw new FakeFailure(
        409,
        'ConflictError',
        `Revision ${revision} was saved by ${author} meanwhile; compare and save again`,
      );
    }
  }
}

/** A schema whose record has exactly these names; without any there is no such setting. */
function withNamed(
  schema: JsonObject,
  key: string,
  named: [name: string, schema: unknown][],
): JsonObject {
  const { [key]: _, ...properties } = schema.properties as JsonObject;
  return {
    ...schema,
    properties: {
      ...properties,
      ...(named.length > 0 && {
        [key]: {
          type: 'object',
          additionalProperties: false,
          properties: Object.fromEntries(named),
        },
      }),
    },
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function overlay(configured: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...configured };
  for (const [key, value] of Object.entries(patch)) {
    const below = result[key];
    if (value === null) {
      delete result[key];
    } else if (isObject(value)) {
      result[key] = overlay(isObject(below) ? below : {}, value);
    } else {
      result[key] = value;
    }
  }
  return result;
}

function changedPaths(before: unknown, after: unknown, path = ''): string[] {
  if (isObject(before) || isObject(after)) {
    const [a, b] = [
      isObject(before) ? before : {},
      isObject(after) ? after : {},
    ];
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap(key =>
      changedPaths(a[key], b[key], path ? `${path}.${key}` : key),
    );
  }
  return before === after ? [] : [path];
}

/** What the dev app has edited before: limits by two people, and a configured watch. */
export function editDemoSettings(settings: FakeSettings): void {
  settings.configured.set(PORTAL, {
    concurrency: 20,
    slots: 2,
    watches: {
      inbox: { enabled: true, folder: 'media/inbox', stableSeconds: 10 },
    },
    retention: { runDays: 400, logDays: 30 },
  });
  settings.save('ingest-meetings', { concurrency: { limit: 2 } });
  settings.save(
    'ingest-meetings',
    { concurrency: { limit: 2 }, timeoutSeconds: 3_600 },
    { author: 'user:default/noor', note: 'The 2024 file takes 40 minutes' },
  );
  settings.save(
    'ingest-meetings',
    {
      concurrency: { limit: 2 },
      timeoutSeconds: 3_600,
      retry: { maxAttempts: 5 },
    },
    { author: 'user:default/noor' },
  );
}
