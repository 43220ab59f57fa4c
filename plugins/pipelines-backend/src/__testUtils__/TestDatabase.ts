import knexFactory, { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { MIGRATIONS_FOLDER } from '../database';

const URL_VARIABLE = 'MILLRACE_TEST_POSTGRES_URL';

/** A database of its own for one test file, on a real Postgres. */
export class TestDatabase {
  readonly knex: Knex;
  /** Connection string of this database, for processes that tests start. */
  readonly url: string;
  readonly #name: string;
  readonly #admin: Knex;

  private constructor(options: {
    knex: Knex;
    url: string;
    name: string;
    admin: Knex;
  }) {
    this.knex = options.knex;
    this.url = options.url;
    this.#name = options.name;
    this.#admin = options.admin;
  }

  /**
   * Makes the database, with the plugin's tables unless `migrate` is false.
   *
   * @throws Error when MILLRACE_TEST_POSTGRES_URL is not set: these tests are never skipped
   */
  static async create(
    options: { migrate?: boolean; poolSize?: number } = {},
  ): Promise<TestDatabase> {
    const adminUrl = process.env[URL_VARIABLE];
    if (!adminUrl) {
      throw new Error(
        `${URL_VARIABLE} is not set; set it to the URL of a superuser of a Postgres 15 to 18, or run the tests with 'npm test', which starts one`,
      );
    }
    const name = `millrace_test_${randomBytes(8).toString('hex')}`;
    const admin = connect(adminUrl, 1);
    await admin.raw('create database ??', [name]);
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    const knex = connect(url.href, options.poolSize ?? 10);
    if (options.migrate !== false) {
      await knex.migrate.latest({ directory: MIGRATIONS_FOLDER });
    }
    return new TestDatabase({ knex, url: url.href, name, admin });
  }

  /** One more client of the same database, as another process would have; the caller destroys it. */
  connect(poolSize = 5): Knex {
    return connect(this.url, poolSize);
  }

  /** Ends every connection to the database, as a restart of Postgres does. */
  async breakConnections(): Promise<void> {
    await this.#admin.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = ?',
      [this.#name],
    );
  }

  /** Closes the client and drops the database. */
  async drop(): Promise<void> {
    await this.knex.destroy();
    await this.#admin.raw('drop database if exists ?? with (force)', [
      this.#name,
    ]);
    await this.#admin.destroy();
  }
}

function connect(url: string, poolSize: number): Knex {
  return knexFactory({
    client: 'pg',
    connection: url,
    pool: { min: 0, max: poolSize },
  });
}
