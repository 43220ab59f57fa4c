import type { Knex } from 'knex';
import type { Lease } from '../runs';
import { listInherited } from './operations/listInherited';
import {
  replaceArtifact,
  type NewArtifact,
} from './operations/replaceArtifact';
import type { ArtifactRow } from './types';

/** What is known of artifacts; their bytes are elsewhere. */
export class DatabaseArtifactsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** {@inheritDoc replaceArtifact} */
  replace(options: {
    lease: Lease;
    artifact: NewArtifact;
    maxArtifacts: number;
  }): Promise<string[]> {
    return replaceArtifact(this.#knex, options);
  }

  /** Those of the newest attempt first, then by name. */
  list(runId: string): Promise<ArtifactRow[]> {
    return this.#knex<ArtifactRow>('run_artifacts')
      .where({ run_id: runId })
      .orderBy([{ column: 'attempt', order: 'desc' }, 'name'])
      .select();
  }

  /** {@inheritDoc listInherited} */
  listInherited(runId: string): Promise<ArtifactRow[]> {
    return listInherited(this.#knex, runId);
  }

  /** The one of this name that the attempt has made. */
  findNamed(lease: Lease, name: string): Promise<ArtifactRow | undefined> {
    return this.#knex<ArtifactRow>('run_artifacts')
      .where({ run_id: lease.runId, attempt: lease.attempt, name })
      .first();
  }

  /** Only as an artifact of this run. */
  find(runId: string, id: string): Promise<ArtifactRow | undefined> {
    return this.#knex<ArtifactRow>('run_artifacts')
      .where({ run_id: runId, id })
      .first();
  }

  /** Keys in the artifact store of everything that these runs have made. */
  listKeys(runIds: readonly string[]): Promise<string[]> {
    return this.#knex<ArtifactRow>('run_artifacts')
      .whereIn('run_id', [...runIds])
      .pluck('store_key');
  }
}
