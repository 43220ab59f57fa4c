import { InputError } from '@backstage/errors';
import { mockCredentials } from '@backstage/backend-test-utils';
import Router from 'express-promise-router';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { serveRouter, type ServedRouter } from '../__testUtils__/serveRouter';
import { answerDatabaseErrors } from './answerDatabaseErrors';

describe('answers while the database is out of order', () => {
  let database: TestDatabase;
  let served: ServedRouter;
  beforeAll(async () => {
    database = await TestDatabase.create();
    const router = Router();
    router.get('/read-only', () =>
      database.knex.transaction(
        trx => trx.raw('create table refused (id int)'),
        { readOnly: true },
      ),
    );
    router.get('/wrong', () => database.knex('no_such_table').select());
    router.get('/input', async () => {
      throw new InputError('No');
    });
    router.use(answerDatabaseErrors);
    served = await serveRouter({
      knex: database.knex,
      definitions: await createTestDefinitions(database.knex, []),
      createRouter: () => router,
    });
  });
  afterAll(async () => {
    await served.stop();
    await database.drop();
  });

  it.each([
    ['read-only', 503],
    ['wrong', 500],
    ['input', 400],
  ])('are for /%s: %i', async (path, status) => {
    const response = await fetch(`${served.url}/${path}`, {
      headers: { authorization: mockCredentials.user.header() },
    });
    expect(response.status).toBe(status);
    await response.body?.cancel();
  });
});
