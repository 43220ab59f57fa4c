import type { Knex } from 'knex';
import { saveRevision, type NewRevision } from './operations/saveRevision';
import type { RevisionRow } from './types';

/** Every saved state of settings; nothing is ever changed or deleted. */
export class DatabaseSettingsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Undefined when these settings were never edited. */
  async readNewest(scope: string): Promise<RevisionRow | undefined> {
    const [newest] = await this.list({ scope, limit: 1 });
    return newest;
  }

  /** Undefined when there is no such revision. */
  find(scope: string, revision: number): Promise<RevisionRow | undefined> {
    return this.#knex<RevisionRow>('settings_revisions')
      .where({ scope, revision })
      .first();
  }

  /** Newest first, those before `before` if it is given. */
  list(options: {
    scope: string;
    before?: number;
    limit: number;
  }): Promise<RevisionRow[]> {
    const { scope, before, limit } = options;
    return this.#knex<RevisionRow>('settings_revisions')
      .where({ scope })
      .modify(query => {
        if (before !== undefined) {
          query.andWhere('revision', '<', before);
        }
      })
      .orderBy('revision', 'desc')
      .limit(limit)
      .select();
  }

  /** {@inheritDoc saveRevision} */
  save(revision: NewRevision): Promise<RevisionRow | undefined> {
    return saveRevision(this.#knex, revision);
  }
}
