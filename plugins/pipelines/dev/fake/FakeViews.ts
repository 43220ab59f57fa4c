import type {
  SavedView,
  UpdateViewRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';
import { uuidAt } from './ids';

/** Who uses the fake. */
export const FAKE_ME = 'user:default/guest';

/** The group that they belong to. */
export const FAKE_TEAM = 'group:default/data-platform';

const OWNERS = [FAKE_ME, FAKE_TEAM];

/** A view as it can be; `fields` say what is special about it. */
export function makeView(fields: Partial<SavedView> = {}): SavedView {
  const at = new Date().toISOString();
  return {
    id: uuidAt(Date.now()),
    page: 'runs',
    name: 'Failed of late',
    query: 'state=failed&from=-7d',
    owner: FAKE_ME,
    revision: 1,
    createdBy: FAKE_ME,
    createdAt: at,
    changedBy: FAKE_ME,
    changedAt: at,
    isEditable: true,
    ...fields,
  };
}

/** The saved views of the fake backend. */
export class FakeViews {
  readonly items: SavedView[] = [];

  routes(): FakeRoute[] {
    return [
      [
        /^GET \/views$/,
        () => ({
          items: this.items
            .filter(({ owner }) => OWNERS.includes(owner))
            .sort(
              (a, b) =>
                OWNERS.indexOf(a.owner) - OWNERS.indexOf(b.owner) ||
                a.name.localeCompare(b.name),
            ),
          owners: OWNERS,
        }),
      ],
      [/^GET \/views\/([^/]+)$/, (_, id) => this.#read(id)],
      [/^POST \/views$/, request => this.#create(request)],
      [/^PUT \/views\/([^/]+)$/, (request, id) => this.#update(id, request)],
      [/^DELETE \/views\/([^/]+)$/, (_, id) => this.#delete(id)],
    ];
  }

  #read(id: string): SavedView {
    const found = this.items.find(view => view.id === id);
    if (!found) {
      throw new FakeFailure(404, 'NotFoundError', `No view '${id}'`);
    }
    return found;
  }

  #create({ body }: FakeRequest): SavedView {
    const { name, query, owner } = body as Partial<SavedView>;
    const isTaken = this.items.some(
      view => view.name === name && view.owner === owner,
    );
    if (isTaken) {
      throw new FakeFailure(
        409,
        'ConflictError',
        `There is a view '${name}' of '${owner}' already; choose another name`,
      );
    }
    const view = makeView({ name, query, owner });
    this.items.push(view);
    return view;
  }

  #update(id: string, { body }: FakeRequest): SavedView {
    const { revision, ...fields } = body as unknown as UpdateViewRequest;
    const found = this.#read(id);
    if (found.revision !== revision) {
      throw new FakeFailure(
        409,
        'ConflictError',
        `View '${found.name}' was changed by '${found.changedBy}'`,
      );
    }
    const changed = { ...found, ...fields, revision: revision + 1 };
    this.items.splice(this.items.indexOf(found), 1, changed);
    return changed;
  }

  #delete(id: string): SavedView {
    const found = this.#read(id);
    this.items.splice(this.items.indexOf(found), 1);
    return found;
  }
}
