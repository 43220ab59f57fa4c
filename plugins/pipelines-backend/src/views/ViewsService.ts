import { NotFoundError } from '@backstage/errors';
import type {
  CreateViewRequest,
  ListViewsQuery,
  ListViewsResponse,
  SavedView,
  UpdateViewRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../http';
import { assertOwner } from './assertOwner';
import { DatabaseViewsStore } from './DatabaseViewsStore';
import { presentView } from './present';
import type { Person } from './types';

const CursorSchema = z.strictObject({
  isTeams: z.boolean(),
  name: z
    .string()
    .max(200)
    .regex(/^[^\0]*$/),
  id: z.uuid(),
});

/** Saved views of lists, for people whose groups are known. */
export class ViewsService {
  readonly #store: DatabaseViewsStore;

  constructor(options: { knex: Knex }) {
    this.#store = new DatabaseViewsStore(options.knex);
  }

  /**
   * One page of the views of the person and of their groups.
   *
   * @throws InputError when the cursor is not one
   */
  async list(
    query: ListViewsQuery,
    person: Person,
  ): Promise<ListViewsResponse> {
    const rows = await this.#store.list({
      page: query.page,
      person,
      after: query.cursor
        ? decodeCursor(CursorSchema, query.cursor)
        : undefined,
      limit: query.limit + 1,
    });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(row => presentView(row, person)),
      owners: [...person.owners],
      ...(rows.length > query.limit &&
        last && {
          nextCursor: encodeCursor({
            isTeams: last.owner !== person.actor,
            name: last.place_name,
            id: last.id,
          }),
        }),
    };
  }

  /** @throws NotFoundError when there is no such view */
  async read(viewId: string, person: Person): Promise<SavedView> {
    const row = await this.#store.find(viewId);
    if (!row) {
      throw new NotFoundError(`No view '${viewId}'`);
    }
    return presentView(row, person);
  }

  /**
   * Saves a new view, by default as the person's own.
   *
   * @throws NotAllowedError when the owner is neither the person nor a group of theirs;
   * ConflictError when that owner has one of this name, or too many
   */
  async create(request: CreateViewRequest, person: Person): Promise<SavedView> {
    const { owner = person.actor, ...view } = request;
    assertOwner(owner, person);
    const row = await this.#store.create({ ...view, owner }, person.actor);
    return presentView(row, person);
  }

  /** {@inheritDoc updateView} */
  async update(
    viewId: string,
    request: UpdateViewRequest,
    person: Person,
  ): Promise<SavedView> {
    const row = await this.#store.update({ ...request, viewId }, person);
    return presentView(row, person);
  }

  /** {@inheritDoc deleteView} */
  async delete(viewId: string, person: Person): Promise<SavedView> {
    return presentView(await this.#store.delete(viewId, person), person);
  }
}
