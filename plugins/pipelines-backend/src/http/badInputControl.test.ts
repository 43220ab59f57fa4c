import { mockCredentials } from '@backstage/backend-test-utils';
import {
  API_ROUTES,
  type ApiOperation,
} from '@millrace/backstage-plugin-pipelines-common';
import type request from 'supertest';
import { v7 as uuid } from 'uuid';
import {
  GOOD_PLUGIN,
  prepareRequest,
  sendRequest,
  type GoodRequest,
} from '../__testUtils__/goodRequests';
import { snapshotTables } from '../__testUtils__/snapshotTables';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';
import { BAD_BODIES, BAD_PATHS, BAD_QUERIES } from './__testUtils__/badInput';

const OPERATIONS = Object.keys(API_ROUTES) as ApiOperation[];
const WITH_BODY = OPERATIONS.filter(name => 'body' in API_ROUTES[name]);
const AUTHORIZED = { Authorization: mockCredentials.user.header() };

/** Longer than the largest report. */
const HUGE = 5 * 1024 * 1024;

describe('bad input to what controls runs', () => {
  let plugin: TestPlugin;

  beforeAll(async () => {
    plugin = await startTestPlugin(GOOD_PLUGIN);
  }, 120_000);
  afterAll(() => plugin?.stop());

  const prepared = new Map<ApiOperation, GoodRequest>();

  /** The same one each time, because whatever is refused leaves it as it was. */
  async function prepare(operation: ApiOperation): Promise<GoodRequest> {
    const good =
      prepared.get(operation) ?? (await prepareRequest(plugin, operation));
    prepared.set(operation, good);
    return good;
  }

  const send = (operation: ApiOperation, good: GoodRequest) =>
    sendRequest(plugin, operation, good, AUTHORIZED);

  async function expectRefused(
    test: request.Test,
    statuses: number[],
    message: RegExp,
  ) {
    const before = await snapshotTables(plugin.database.knex);
    const { status, body } = await test;
    expect({ status, message: body.error?.message }).toEqual({
      status: statuses.find(expected => expected === status) ?? statuses[0],
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(body)).not.toMatch(
      /at .*\.ts:\d+|select |insert |relation|syntax/,
    );
    expect(await snapshotTables(plugin.database.knex)).toEqual(before);
  }

  describe.each(WITH_BODY)('%s', operation => {
    let good: GoodRequest;
    beforeEach(async () => {
      good = await prepare(operation);
    });
    const sendText = (text: string, type = 'application/json') =>
      send(operation, { ...good, body: undefined })
        .set('Content-Type', type)
        .send(text);

    it('refuses a field that there is not, and names it', async () => {
      const body = { ...good.body, surprise: 1 };
      await expectRefused(
        send(operation, { ...good, body }),
        [400],
        /surprise/,
      );
    });

    it.each([
      ['an array', '[]'],
      ['a text', '"x"'],
      ['a number', '1'],
      ['half of one', '{"a":'],
    ])('refuses a body that is %s', async (_, text) => {
      await expectRefused(sendText(text), [400], /./);
    });

    it('refuses keys that reach for a prototype', async () => {
      const json = JSON.stringify(good.body).replace(
        '{',
        `{"__proto__":{"reason":"x"}${
          Object.keys(good.body ?? {}).length > 0 ? ',' : ''
        }`,
      );
      await expectRefused(sendText(json), [400], /__proto__|not allowed/);
      expect(({} as Record<string, unknown>).reason).toBeUndefined();
    });

    it.each(['application/x-www-form-urlencoded', 'text/plain'])(
      'refuses JSON that is said to be %s',
      async type => {
        await expectRefused(
          sendText(JSON.stringify(good.body), type),
          [400],
          /Content-Type: application\/json/,
        );
      },
    );

    it('refuses 5 MB before it reads them', async () => {
      const text = `{"reason":"${'x'.repeat(HUGE)}"}`;
      await expectRefused(sendText(text), [413], /too large/i);
    });
  });

  it.each(BAD_BODIES)(
    'refuses %s with %s',
    async (operation, _, body, message) => {
      const good = await prepare(operation);
      await expectRefused(
        send(operation, { ...good, body: { ...good.body, ...body } }),
        [400],
        message,
      );
    },
  );

  it.each(BAD_QUERIES)('refuses %s with ?%s', async (operation, query) => {
    const good = await prepare(operation);
    const path = `${good.path.split('?')[0]}?${query}`;
    await expectRefused(send(operation, { ...good, path }), [400], /./);
  });

  it.each(['%00', '%0a', 'x'.repeat(2_000)])(
    'refuses a reported artifact with the name %s',
    async name => {
      const good = await prepare('reportArtifact');
      const path = good.path.replace('hello.txt', name);
      await expectRefused(
        send('reportArtifact', { ...good, path }),
        [400, 404],
        /./,
      );
    },
  );

  it.each(BAD_PATHS)('knows nothing of %s %s', async (operation, path) => {
    const good = await prepare(operation);
    await expectRefused(
      send(operation, { ...good, path: path.replace('<uuid>', uuid()) }),
      [400, 403, 404],
      /./,
    );
  });
});
