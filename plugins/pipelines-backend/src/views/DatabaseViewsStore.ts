import type { ViewPage } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { Actor } from '../runs';
import { createView, type NewView } from './operations/createView';
import { deleteView } from './operations/deleteView';
import { listViews, type ViewPlace } from './operations/listViews';
import { updateView, type ViewChange } from './operations/updateView';
import type { Person, ViewRow } from './types';

/** The saved views in the plugin's database. */
export class DatabaseViewsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Undefined when there is none. */
  find(viewId: string): Promise<ViewRow | undefined> {
    return this.#knex<ViewRow>('saved_views').where({ id: viewId }).first();
  }

  list(options: {
    page: ViewPage;
    person: Person;
    after?: ViewPlace;
    limit: number;
  }) {
    return listViews({ knex: this.#knex, ...options });
  }

  create(view: NewView, actor: Actor) {
    return createView(this.#knex, view, actor);
  }

  update(change: ViewChange, person: Person) {
    return updateView(this.#knex, change, person);
  }

  delete(viewId: string, person: Person) {
    return deleteView(this.#knex, viewId, person);
  }
}
