import pg from 'pg';

/** Rows of a query. */
type Rows<TRow> = TRow[];

// Two numbers nobody else uses, so that ours never meet another program's locks
const LOCK_SPACE = 0x696e6d74;
const MIGRATE_LOCK = 1;
const LOAD_LOCK = 2;

/** One connection to the archive; the temporary table and the locks of a run live in it. */
export class Archive {
  private readonly client: pg.Client;

  /** Connects as the role that writes. */
  static async connect(databaseUrl: string): Promise<Archive> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'ingest-meetings',
      keepAlive: true,
    });
    // Without a listener a lost connection would end the process; the next query reports it
    client.on('error', () => {});
    await client.connect();
    return new Archive(client);
  }

  private constructor(client: pg.Client) {
    this.client = client;
  }

  /** Runs one statement. */
  async query<TRow extends pg.QueryResultRow>(
    sql: string,
    values: unknown[] = [],
  ): Promise<Rows<TRow>> {
    const result = await this.client.query<TRow>(sql, values);
    return result.rows;
  }

  /** Runs one statement whose only parameter is a list of rows, as `$1::jsonb`. */
  async queryRows<TRow extends pg.QueryResultRow>(
    sql: string,
    rows: readonly object[],
  ): Promise<Rows<TRow>> {
    return rows.length === 0 ? [] : this.query(sql, [JSON.stringify(rows)]);
  }

  /** Runs `work` in a transaction: all of it or nothing. */
  async transaction<TResult>(work: () => Promise<TResult>): Promise<TResult> {
    await this.client.query('begin');
    try {
      const result = await work();
      await this.client.query('commit');
      return result;
    } catch (error) {
      // The first error says what is wrong; a rollback on a dead connection does not
      await this.client.query('rollback').catch(() => {});
      throw error;
    }
  }

  /** Runs `work` while no other run migrates. */
  async whileMigrating<TResult>(
    work: () => Promise<TResult>,
  ): Promise<TResult> {
    await this.query('select pg_advisory_lock($1, $2)', [
      LOCK_SPACE,
      MIGRATE_LOCK,
    ]);
    try {
      return await work();
    } finally {
      await this.query('select pg_advisory_unlock($1, $2)', [
        LOCK_SPACE,
        MIGRATE_LOCK,
      ]);
    }
  }

  /** Becomes the one run that loads, unless another one is; held until the connection closes. */
  async tryLoadLock(): Promise<boolean> {
    const [row] = await this.query<{ held: boolean }>(
      'select pg_try_advisory_lock($1, $2) as held',
      [LOCK_SPACE, LOAD_LOCK],
    );
    return row.held;
  }

  /** Closes the connection; locks and temporary tables go with it. */
  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Whether Postgres refused the data, as opposed to being broken or out of reach. */
export function isRefusedData(error: unknown): error is pg.DatabaseError {
  // 22 data exception, 23 constraint violation, 54 a limit of Postgres
  return (
    error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? '')
  );
}
