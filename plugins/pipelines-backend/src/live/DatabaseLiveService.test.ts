import { mockServices } from '@backstage/backend-test-utils';
import knexFactory from 'knex';
import { randomUUID } from 'node:crypto';
import { TestDatabase, waitFor } from '../__testUtils__';
import { DatabaseProxy } from '../__testUtils__/DatabaseProxy';
import {
  DatabaseLiveService,
  type DatabaseLiveServiceOptions,
} from './DatabaseLiveService';
import type { LiveMessage } from './types';

jest.setTimeout(30_000);

describe('DatabaseLiveService', () => {
  const stops: Array<() => unknown> = [];
  let database: TestDatabase;

  beforeAll(async () => {
    database = await TestDatabase.create({ migrate: false });
  });

  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()));
  });

  afterAll(async () => {
    await database.drop();
  });

  function start(options: Partial<DatabaseLiveServiceOptions> = {}) {
    const live = DatabaseLiveService.create({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      lifecycle: { addShutdownHook: stop => stops.push(stop) },
      pingIntervalMs: 200,
      pingPatienceMs: 1_000,
      ...options,
    });
    const messages: LiveMessage[] = [];
    live.subscribe(message => messages.push(message));
    return { live, messages };
  }

  async function notify(payload: string, channel = 'millrace') {
    await database.knex.raw('select pg_notify(?, ?)', [channel, payload]);
  }

  it('hands on what the database says, and ignores what is none of ours', async () => {
    const { live, messages } = start();
    await waitFor('the connection', () => live.connected);
    const runId = randomUUID();

    await notify('not json');
    await notify('{"kind":"unheard"}');
    await notify('{"kind":"cancel","runId":"../x"}');
    await notify('{"kind":"queued","extra":1}');
    await notify('{"kind":"queued"}', 'another');
    await notify(JSON.stringify({ kind: 'ping', id: randomUUID() }));
    await notify(JSON.stringify({ kind: 'state', runId, state: 'running' }));
    await waitFor('the messages', () =>
      messages.some(({ kind }) => kind === 'state'),
    );

    expect(messages).toEqual([
      { kind: 'resync' },
      { kind: 'state', runId, state: 'running' },
    ]);
  });

  it('says resync and listens again after its connection was killed', async () => {
    const { live, messages } = start();
    await waitFor('the connection', () => live.connected);

    await database.breakConnections();
    await waitFor('the connection to be missed', () => !live.connected);
    await waitFor('the connection', () => live.connected);
    await notify('{"kind":"queued"}');
    await waitFor('the messages', () => messages.length === 3);

    expect(messages.map(({ kind }) => kind)).toEqual([
      'resync',
      'resync',
      'queued',
    ]);
  });

  it('finds out that packets no longer arrive, and comes back when they do', async () => {
    const proxy = await DatabaseProxy.create(database.url);
    stops.push(() => proxy.close());
    const knex = knexFactory({ client: 'pg', connection: proxy.url });
    stops.push(() => knex.destroy());
    const warn = jest.fn();
    const logger = { ...mockServices.logger.mock(), warn };
    const { live, messages } = start({ knex, logger, pingPatienceMs: 300 });
    await waitFor('the connection', () => live.connected);

    proxy.frozen = true;
    await waitFor('the silence to be noticed', () => !live.connected);
    await waitFor('a second failure', () => proxy.accepted >= 3);
    expect(warn).toHaveBeenCalledTimes(1);

    proxy.frozen = false;
    await waitFor('the connection again', () => live.connected);
    expect(messages).toEqual([{ kind: 'resync' }, { kind: 'resync' }]);
  });

  it('tells this process alone that a run grew', async () => {
    const one = start();
    const other = start();
    await waitFor(
      'both connections',
      () => one.live.connected && other.live.connected,
    );

    one.live.grown('a');

    expect(one.messages).toContainEqual({ kind: 'grown', runId: 'a' });
    await notify('{"kind":"queued"}');
    await waitFor('the other one', () => other.messages.length === 2);
    expect(other.messages.map(({ kind }) => kind)).toEqual([
      'resync',
      'queued',
    ]);
  });

  it('lets pages hear that signals arrive while nothing happens', async () => {
    const publish = jest.fn(async (_signal: object) => {});
    start({ signals: { publish }, aliveIntervalMs: 50 });
    await waitFor(
      'three signs of life',
      () =>
        publish.mock.calls.filter(
          ([signal]) =>
            (signal as { message: { kind: string } }).message.kind === 'alive',
        ).length >= 3,
    );
    expect(publish).toHaveBeenLastCalledWith({
      channel: 'pipelines',
      recipients: { type: 'broadcast' },
      message: { kind: 'alive' },
    });
  });

  it('sends one signal at once and one at the end of a storm', async () => {
    const publish = jest.fn(async (_signal: object) => {});
    const { live } = start({ signals: { publish }, signalIntervalMs: 300 });
    await waitFor('the connection', () => live.connected);
    await waitFor('the signal', () => publish.mock.calls.length === 1);

    for (let i = 0; i < 50; i++) {
      await notify('{"kind":"queued"}');
    }
    await waitFor('the signal', () => publish.mock.calls.length === 2);

    expect(publish).toHaveBeenLastCalledWith({
      channel: 'pipelines',
      recipients: { type: 'broadcast' },
      message: { kind: 'runs' },
    });
  });

  it('keeps its other listeners when one of them fails', async () => {
    const { live, messages } = start();
    const stop = live.subscribe(() => {
      throw new Error('broken listener');
    });

    live.grown('a');
    stop();

    expect(messages).toContainEqual({ kind: 'grown', runId: 'a' });
  });

  it('closes its connection when the process is shut down', async () => {
    const knex = knexFactory({
      client: 'pg',
      connection: `${database.url}?application_name=listener`,
    });
    const { live } = start({ knex });
    await waitFor('the connection', () => live.connected);
    const countOpen = async () => {
      const { rows } = await database.knex.raw(
        `select count(*)::int from pg_stat_activity where application_name = 'listener'`,
      );
      return rows[0].count;
    };
    expect(await countOpen()).toBeGreaterThan(0);

    await Promise.all(stops.splice(0).map(stop => stop()));
    await knex.destroy();

    expect(live.connected).toBe(false);
    await waitFor(
      'the connection to go',
      async () => (await countOpen()) === 0,
    );
  });
});
