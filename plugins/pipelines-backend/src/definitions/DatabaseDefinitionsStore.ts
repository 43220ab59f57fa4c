import type { Knex } from 'knex';
import {
  readNewestSettings,
  type NewestSettings,
} from './operations/readNewestSettings';
import type { KnownPipeline, PipelineDefinition } from './types';

interface PipelineRow {
  id: string;
  title: string;
  owner_ref: string | null;
  entity_ref: string | null;
  engine: string;
  version: string | null;
}

/** Keeps what each pipeline was when it was last configured. */
export class DatabaseDefinitionsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Writes the configured pipelines and marks all others as removed. */
  async sync(definitions: readonly PipelineDefinition[]): Promise<void> {
    const rows = definitions.map(definition => ({
      id: definition.id,
      title: definition.title,
      owner_ref: definition.owner ?? null,
      entity_ref: definition.entity ?? null,
      engine: definition.engine,
      version: definition.version ?? null,
      updated_at: this.#knex.fn.now(),
      removed_at: null,
    }));
    await this.#knex.transaction(async trx => {
      if (rows.length > 0) {
        await trx('pipelines').insert(rows).onConflict('id').merge();
      }
      await trx('pipelines')
        .whereNotIn(
          'id',
          rows.map(row => row.id),
        )
        .whereNull('removed_at')
        .update({ removed_at: trx.fn.now() });
    });
  }

  /** Every pipeline that was ever configured. */
  async listKnown(): Promise<KnownPipeline[]> {
    const rows = await this.#knex<PipelineRow>('pipelines')
      .select('id', 'title', 'owner_ref', 'entity_ref')
      .orderBy('id');
    return rows.map(row => ({
      id: row.id,
      title: row.title,
      owner: row.owner_ref ?? undefined,
      entity: row.entity_ref ?? undefined,
    }));
  }

  /** {@inheritDoc readNewestSettings} */
  readNewestSettings(): Promise<NewestSettings[]> {
    return readNewestSettings(this.#knex);
  }
}
