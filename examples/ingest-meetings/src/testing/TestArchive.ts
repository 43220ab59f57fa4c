import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** An empty database of its own for one test file. */
export class TestArchive {
  readonly url: string;
  private readonly name: string;
  private readonly client: pg.Client;

  /** Creates the database on the Postgres server of the tests. */
  static async create(): Promise<TestArchive> {
    const name = `ingest_meetings_${randomBytes(6).toString('hex')}`;
    await administrate(`create database ${name}`);
    const url = new URL(serverUrl());
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return new TestArchive(url.href, name, client);
  }

  private constructor(url: string, name: string, client: pg.Client) {
    this.url = url;
    this.name = name;
    this.client = client;
  }

  /** The rows of a query. */
  async rows<TRow extends pg.QueryResultRow>(
    sql: string,
    values: unknown[] = [],
  ): Promise<TRow[]> {
    return (await this.client.query<TRow>(sql, values)).rows;
  }

  /** The only row of a query. */
  async row<TRow extends pg.QueryResultRow>(
    sql: string,
    values: unknown[] = [],
  ): Promise<TRow> {
    const rows = await this.rows<TRow>(sql, values);
    if (rows.length !== 1) {
      throw new Error(`Expected one row, got ${rows.length}: ${sql}`);
    }
    return rows[0];
  }

  /** How many rows a table has. */
  async count(table: string): Promise<number> {
    const { n } = await this.row<{ n: number }>(
      `select count(*)::integer as n from public.${table}`,
    );
    return n;
  }

  /** Removes everything that runs left. */
  async empty(): Promise<void> {
    await this.client.query('drop schema public cascade; create schema public');
  }

  /** Drops the database. */
  async drop(): Promise<void> {
    await this.client.end();
    await administrate(`drop database ${this.name} with (force)`);
  }
}

/** Runs one statement in the server's own database. */
export async function administrate(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  const url =
    process.env.MILLRACE_TEST_POSTGRES_URL ??
    process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING;
  if (!url) {
    throw new Error(
      'These tests need a Postgres server: set MILLRACE_TEST_POSTGRES_URL, or run them through `npm test`',
    );
  }
  return url;
}
