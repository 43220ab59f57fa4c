import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type {
  ListRevisionsResponse,
  Settings,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import {
  sentenceOf,
  type DefinitionsService,
  type PatchProblem,
} from '../definitions';
import { decodeCursor, encodeCursor } from '../http';
import { assertStorable, type Actor } from '../runs';
import { DatabaseSettingsStore } from './DatabaseSettingsStore';
import { PipelineSubject } from './PipelineSubject';
import { PortalSubject } from './PortalSubject';
import { presentRevision, presentSettings } from './present';
import type { RevisionRow, SettingsSubject } from './types';

/** Largest patch, in bytes of JSON: defaults of parameters are as large as they like otherwise. */
const MAX_PATCH_BYTES = 64 * 1024;

const RevisionsCursorSchema = z.strictObject({ before: z.int32().min(1) });

/** A whole patch to be saved, and by whom. */
export interface SaveOptions {
  patch: JsonObject;
  /** The revision that was edited. */
  baseRevision: number;
  author: Actor;
  note?: string;
  /** Only checks. */
  dryRun?: boolean;
}

/** Reads and saves settings, for callers whose permissions were checked. */
export class SettingsService {
  readonly #store: DatabaseSettingsStore;
  readonly #definitions: DefinitionsService;

  constructor(options: { knex: Knex; definitions: DefinitionsService }) {
    this.#store = new DatabaseSettingsStore(options.knex);
    this.#definitions = options.definitions;
  }

  /** Whose settings: those of the portal where no pipeline is named; undefined when there is none. */
  subjectOf(pipelineId?: string): SettingsSubject | undefined {
    if (pipelineId === undefined) {
      return new PortalSubject(this.#definitions);
    }
    const definition = this.#definitions.findConfigured(pipelineId);
    return definition && !definition.internal
      ? new PipelineSubject(this.#definitions, definition)
      : undefined;
  }

  /** What is configured, what was edited, and what holds. */
  async read(subject: SettingsSubject): Promise<Settings> {
    const newest = await this.#store.readNewest(subject.scope);
    return presentSettings(subject, newest, newest?.patch ?? {});
  }

  /**
   * Saves a patch as a new revision, which holds in this process when the promise resolves.
   *
   * @throws InputError naming every field that does not fit; ConflictError when another revision
   * was saved since the one that was edited
   */
  async save(
    subject: SettingsSubject,
    { patch, baseRevision, author, note, dryRun }: SaveOptions,
  ): Promise<Settings> {
    await this.#assertFitting(subject, patch, note);
    if (dryRun) {
      const newest = await this.#store.readNewest(subject.scope);
      if ((newest?.revision ?? 0) !== baseRevision) {
        throw conflict(baseRevision, newest);
      }
      return presentSettings(subject, newest, patch);
    }
    return this.#write(subject, { patch, baseRevision, author, note });
  }

  /** One page of revisions, newest first. */
  async listRevisions(
    subject: SettingsSubject,
    query: { limit: number; cursor?: string },
  ): Promise<ListRevisionsResponse> {
    const before = query.cursor
      ? decodeCursor(RevisionsCursorSchema, query.cursor).before
      : undefined;
    const rows = await this.#store.list({
      scope: subject.scope,
      before,
      limit: query.limit + 1,
    });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map((row, index) => presentRevision(row, rows[index + 1])),
      ...(rows.length > query.limit &&
        last && { nextCursor: encodeCursor({ before: last.revision }) }),
    };
  }

  /**
   * Makes a new revision like an old one.
   *
   * @throws NotFoundError when there is no such revision; otherwise as {@link SettingsService.save}
   */
  async restore(
    subject: SettingsSubject,
    options: {
      revision: number;
      baseRevision: number;
      author: Actor;
      note?: string;
    },
  ): Promise<Settings> {
    const { revision, baseRevision, author, note } = options;
    const old = await this.#store.find(subject.scope, revision);
    if (!old) {
      throw new NotFoundError(`These settings have no revision ${revision}`);
    }
    const { patch } = old;
    await this.#assertFitting(subject, patch, note);
    return this.#write(subject, {
      patch,
      baseRevision,
      author,
      note,
      restored: revision,
    });
  }

  async #write(
    subject: SettingsSubject,
    revision: Omit<Parameters<DatabaseSettingsStore['save']>[0], 'scope'>,
  ): Promise<Settings> {
    const { scope } = subject;
    const saved = await this.#store.save({ scope, ...revision });
    if (!saved) {
      throw conflict(
        revision.baseRevision,
        await this.#store.readNewest(scope),
      );
    }
    await this.#definitions.reload();
    return presentSettings(subject, saved, saved.patch);
  }

  async #assertFitting(
    subject: SettingsSubject,
    patch: JsonObject,
    note: string | undefined,
  ): Promise<void> {
    assertStorable('settings', patch);
    assertStorable('note', note ?? '');
    const bytes = Buffer.byteLength(JSON.stringify(patch));
    if (bytes > MAX_PATCH_BYTES) {
      throw new InputError(
        `The settings have ${bytes} bytes of JSON; at most ${MAX_PATCH_BYTES} are allowed`,
      );
    }
    const { problems } = subject.apply(patch);
    assertNone(problems);
    assertNone(await subject.checkWorld(patch));
  }
}

/** One line for each field, so that a form can show it there. */
function assertNone(problems: readonly PatchProblem[]): void {
  if (problems.length > 0) {
    throw new InputError(problems.map(sentenceOf).join('\n'));
  }
}

function conflict(
  baseRevision: number,
  newest: RevisionRow | undefined,
): ConflictError {
  return new ConflictError(
    newest && newest.revision > baseRevision
      ? `Revision ${newest.revision} was saved by '${newest.author}' since revision ${baseRevision}, which you edited; read the settings again and decide what is to hold`
      : `There is no revision ${baseRevision}; the newest is ${
          newest?.revision ?? 0
        }`,
  );
}
