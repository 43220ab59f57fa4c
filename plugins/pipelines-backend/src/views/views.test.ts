import {
  coreServices,
  createServiceFactory,
  type BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ListViewsResponseSchema,
  MAX_VIEWS_PER_OWNER,
  SavedViewSchema,
  type CreateViewRequest,
  type SavedView,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const ADA = 'user:default/ada';
const BOB = 'user:default/bob';
const CEM = 'user:default/cem';
const DATA = 'group:default/data';
const MEDIA = 'group:default/media';
const GROUPS: Record<string, string[]> = {
  [ADA]: [DATA, MEDIA],
  [BOB]: [DATA],
  [CEM]: [],
};

const userInfo = createServiceFactory({
  service: coreServices.userInfo,
  deps: {},
  factory: () => ({
    getUserInfo: async ({ principal }) => {
      const { userEntityRef } = principal as BackstageUserPrincipal;
      return {
        userEntityRef,
        ownershipEntityRefs: [...GROUPS[userEntityRef], userEntityRef],
      };
    },
  }),
});

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('saved views', () => {
  let plugin: TestPlugin;

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {},
      features: [userInfo],
      decide: () => ({ result: AuthorizeResult.ALLOW }),
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(async () => {
    await plugin.database.knex('saved_views').delete();
    await plugin.database.knex('view_events').delete();
  });

  const send = (
    user: string,
    method: 'get' | 'post' | 'put' | 'delete',
    path: string,
    body?: object,
  ) =>
    request(plugin.server)
      [method](`/api/pipelines/views${path}`)
      .set('Authorization', mockCredentials.user.header(user))
      .send(body);
  const save = async (
    user: string,
    fields: Partial<CreateViewRequest> = {},
  ): Promise<SavedView> => {
    const { status, body } = await send(user, 'post', '', {
      page: 'runs',
      name: 'Failed today',
      query: 'state=failed&from=-24h',
      ...fields,
    });
    expect({ status, error: body.error }).toEqual({ status: 201 });
    return SavedViewSchema.parse(body);
  };
  const change = (user: string, view: SavedView, fields: object) => {
    const { name, query, owner, revision } = view;
    return send(user, 'put', `/${view.id}`, {
      ...{ name, query, owner, revision },
      ...fields,
    });
  };
  const list = async (user: string, query = '') => {
    const { body } = await send(user, 'get', `?page=runs${query}`);
    return ListViewsResponseSchema.parse(body);
  };
  const namesOf = async (user: string) =>
    (await list(user)).items.map(({ name }) => name);
  const events = () =>
    plugin.database
      .knex('view_events')
      .orderBy('id')
      .select('name', 'actor', 'view');

  it('are listed to their owner, or to every member of the team that they belong to', async () => {
    await save(ADA, { name: 'b mine' });
    await save(ADA, { name: 'a data', owner: DATA });
    await save(ADA, { name: 'A mine' });
    await save(ADA, { name: 'c media', owner: MEDIA });
    await save(BOB, { name: 'b data', owner: DATA });
    expect(await namesOf(ADA)).toEqual([
      'A mine',
      'b mine',
      'a data',
      'b data',
      'c media',
    ]);
    expect(await namesOf(BOB)).toEqual(['a data', 'b data']);
    expect(await namesOf(CEM)).toEqual([]);
    expect((await list(ADA)).owners).toEqual([ADA, DATA, MEDIA]);
    expect((await list(CEM)).owners).toEqual([CEM]);
  });

  it('come in pages that together are the list', async () => {
    for (let i = 0; i < 7; i++) {
      await save(ADA, { name: `${i % 2 ? 'x' : 'Y'} ${i}` });
      await save(BOB, { name: `${i % 2 ? 'X' : 'y'} ${i}`, owner: DATA });
    }
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(
        ADA,
        `&limit=3&cursor=${cursor ?? ''}`.replace(/&cursor=$/, ''),
      );
      expect(page.items.length).toBeLessThanOrEqual(3);
      paged.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor);
    expect(paged).toHaveLength(14);
    expect(paged).toEqual(await namesOf(ADA));
  });

  it('can be opened by whoever has the link, and edited only by owner, team and maker', async () => {
    const mine = await save(ADA);
    const shown = await send(CEM, 'get', `/${mine.id}`);
    expect(shown.body).toEqual({ ...mine, isEditable: false });
    expect((await change(CEM, mine, { name: 'x' })).status).toBe(403);
    expect((await send(CEM, 'delete', `/${mine.id}`)).status).toBe(403);
    expect(await namesOf(ADA)).toEqual(['Failed today']);

    const shared = await change(ADA, mine, { owner: DATA });
    expect(shared.body).toMatchObject({ owner: DATA, revision: 2 });
    const renamed = await change(BOB, shared.body, { name: 'Renamed' });
    expect(renamed.body).toMatchObject({ changedBy: BOB, createdBy: ADA });
    GROUPS[ADA] = [MEDIA];
    const byMaker = await change(ADA, renamed.body, { query: 'state=lost' });
    GROUPS[ADA] = [DATA, MEDIA];
    expect(byMaker.body).toMatchObject({
      query: 'state=lost',
      owner: DATA,
      isEditable: true,
    });
    expect((await send(BOB, 'delete', `/${mine.id}`)).status).toBe(200);
    expect((await send(ADA, 'get', `/${mine.id}`)).status).toBe(404);
  });

  it('are no longer edited by their maker when somebody of the team has taken them over', async () => {
    const made = await save(ADA, { owner: DATA });
    const taken = await change(BOB, made, { owner: BOB });
    expect(taken.body).toMatchObject({ owner: BOB, createdBy: ADA });
    const shown = await send(ADA, 'get', `/${made.id}`);
    expect(shown.body.isEditable).toBe(false);
    expect((await change(ADA, taken.body, { name: 'x' })).status).toBe(403);
    expect((await send(ADA, 'delete', `/${made.id}`)).status).toBe(403);
  });

  it('cannot be saved for, or given to, a team that one does not belong to', async () => {
    const { status, body } = await send(CEM, 'post', '', {
      page: 'runs',
      name: 'x',
      query: '',
      owner: DATA,
    });
    expect({ status, message: body.error.message }).toEqual({
      status: 403,
      message: expect.stringContaining(`'${DATA}' is none of them`),
    });
    const mine = await save(CEM);
    expect((await change(CEM, mine, { owner: DATA })).status).toBe(403);
    expect((await change(CEM, mine, { owner: BOB })).status).toBe(403);
    expect(await events()).toHaveLength(1);
  });

  it('are not overwritten when somebody else has changed them in between', async () => {
    const view = await save(ADA, { owner: DATA });
    const [first, second] = await Promise.all([
      change(ADA, view, { query: 'state=lost' }),
      change(BOB, view, { query: 'state=queued' }),
    ]);
    const [won, lost] =
      first.status === 200 ? [first, second] : [second, first];
    expect([won.status, lost.status]).toEqual([200, 409]);
    expect(lost.body.error.message).toContain(
      `changed by '${won.body.changedBy}' at ${won.body.changedAt}`,
    );
    const now = await send(ADA, 'get', `/${view.id}`);
    expect(now.body.query).toBe(won.body.query);
  });

  it('have one name each of an owner, in whichever case, also when saved at once', async () => {
    await save(ADA, { name: 'Mine' });
    await save(BOB, { name: 'Mine' });
    await save(ADA, { name: 'Mine', owner: DATA });
    const other = await save(ADA, { name: 'Other' });
    expect((await change(ADA, other, { name: 'MINE' })).status).toBe(409);
    expect((await change(ADA, other, { name: 'OTHER' })).status).toBe(200);
    const answers = await Promise.all(
      ['Same', 'same', 'SAME'].map(name =>
        send(ADA, 'post', '', { page: 'runs', name, query: '' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('are limited in number for each owner', async () => {
    const { knex } = plugin.database;
    await knex.raw(
      `insert into saved_views (id, page, name, query, owner, created_by, changed_by)
       select gen_random_uuid(), 'runs', 'view ' || i, '', :owner, :owner, :owner
         from generate_series(2, :max) i`,
      { owner: ADA, max: MAX_VIEWS_PER_OWNER },
    );
    const last = await save(ADA);
    const body = { page: 'runs', name: 'one more', query: '' };
    const refused = await send(ADA, 'post', '', body);
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain('delete one first');
    expect((await change(ADA, last, { query: '' })).status).toBe(200);
    const teams = await save(ADA, { owner: DATA, name: 'teams' });
    expect((await change(ADA, teams, { owner: ADA })).status).toBe(409);
    await send(ADA, 'delete', `/${last.id}`);
    await save(ADA, body as CreateViewRequest);
  });

  it('leave on record who did what, also when they are deleted', async () => {
    const view = await save(ADA);
    await change(ADA, view, { owner: DATA });
    await send(BOB, 'delete', `/${view.id}`);
    const was = { name: 'Failed today', query: 'state=failed&from=-24h' };
    expect(await events()).toEqual([
      {
        name: 'created',
        actor: ADA,
        view: { ...was, owner: ADA, revision: 1 },
      },
      {
        name: 'changed',
        actor: ADA,
        view: { ...was, owner: DATA, revision: 2 },
      },
      {
        name: 'deleted',
        actor: BOB,
        view: { ...was, owner: DATA, revision: 2 },
      },
    ]);
  });

  it('are for people alone', async () => {
    const { status } = await request(plugin.server)
      .get('/api/pipelines/views?page=runs')
      .set('Authorization', mockCredentials.service.header());
    expect(status).toBe(403);
  });
});
