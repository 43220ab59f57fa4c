import type { Knex } from 'knex';
import { TestDatabase } from '../__testUtils__';
import { isTransientDatabaseError, retryTransaction } from './transientErrors';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('errors of the database that pass by themselves', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create({ migrate: false });
    await database.knex.raw('create table counters (id int, n int)');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.knex('counters').delete();
    await database.knex('counters').insert([
      { id: 1, n: 0 },
      { id: 2, n: 0 },
    ]);
  });

  const add = (trx: Knex.Transaction, id: number) =>
    trx('counters').where({ id }).increment('n', 1);
  const counted = async () =>
    (await database.knex('counters').orderBy('id')).map(({ n }) => n);

  /** Lets each of two meet the other once, in the middle of its first try. */
  function meeting() {
    let here = 0;
    let open: () => void;
    const both = new Promise<void>(resolve => {
      open = resolve;
    });
    return async () => {
      here += 1;
      if (here === 2) {
        open();
      }
      await both;
    };
  }

  it('let both of two transactions succeed that wait for each other', async () => {
    const meet = meeting();
    let tries = 0;
    const change = (first: number, second: number) =>
      retryTransaction(() =>
        database.knex.transaction(async trx => {
          tries += 1;
          await add(trx, first);
          await meet();
          await add(trx, second);
        }),
      );
    await Promise.all([change(1, 2), change(2, 1)]);
    expect(await counted()).toEqual([2, 2]);
    expect(tries).toBe(3);
  });

  it('let both of two transactions succeed that cannot be put in an order', async () => {
    const meet = meeting();
    let tries = 0;
    const change = () =>
      retryTransaction(() =>
        database.knex.transaction(
          async trx => {
            tries += 1;
            const { n } = await trx('counters').where({ id: 1 }).first();
            await meet();
            await trx('counters')
              .where({ id: 1 })
              .update({ n: n + 1 });
          },
          { isolationLevel: 'serializable' },
        ),
      );
    await Promise.all([change(), change()]);
    expect(await counted()).toEqual([2, 0]);
    expect(tries).toBe(3);
  });

  it('are told from those that do not', async () => {
    const blocked = database.knex.transaction(async trx => {
      await add(trx, 1);
      await database.knex.transaction(async other => {
        await other.raw(`set local lock_timeout = '50 ms'`);
        await add(other, 1);
      });
    });
    const slow = database.knex.transaction(async trx => {
      await trx.raw(`set local statement_timeout = '50 ms'`);
      await trx.raw('select pg_sleep(10)');
    });
    const wrong = database.knex('no_such_table').select();
    const causes = await Promise.all(
      [blocked, slow, wrong].map(failing =>
        failing.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    );
    expect(causes.map(isTransientDatabaseError)).toEqual([true, true, false]);
  });
});
