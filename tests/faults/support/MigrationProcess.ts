import { createRequire } from 'node:module';
import pg from 'pg';
import { inRoot } from '../../../scripts/lib/paths.ts';
import {
  type ManagedProcess,
  startProcess,
} from '../../../scripts/lib/processes.ts';
import { type TestPostgres, until } from '../../harness/index.ts';

const require = createRequire(import.meta.url);
/** Whoever migrates holds a lock, so that others wait. */
const HOLDS_LOCK = `select from pg_locks l join pg_database d on d.oid = l.database
  where l.locktype = 'advisory' and l.granted and d.datname = $1`;

/** Without partitions, which come and go with time, and what Backstage keeps beside our tables. */
const TABLES = `with own as (
    select oid, relname from pg_class
     where relnamespace = 'public'::regnamespace and not relispartition
       and relname not like 'backstage\\_backend\\_%')
  select 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
         || case when attnotnull then ' not null' else '' end
         || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') as name
    from own join pg_attribute on attrelid = own.oid
    left join pg_attrdef on adrelid = own.oid and adnum = attnum
   where attnum > 0 and not attisdropped
  union all select pg_get_indexdef(indexrelid) from own join pg_index on indrelid = own.oid
  union all select 'constraint ' || relname || ' ' || pg_get_constraintdef(c.oid)
    from own join pg_constraint c on conrelid = own.oid
  union all select pg_get_triggerdef(t.oid) from own join pg_trigger t on tgrelid = own.oid
   where not tgisinternal
  union all select 'function ' || oid::regprocedure || ' ' || md5(prosrc) from pg_proc
   where pronamespace = 'public'::regnamespace
  order by name`;

/** A process that brings one database to the tables of this version, and may be killed meanwhile. */
export class MigrationProcess {
  /** Starts one on a database, which is made when there is none, and waits until it begins. */
  static async start(
    postgres: TestPostgres,
    database: string,
  ): Promise<MigrationProcess> {
    await queryIn(postgres.url, `create database ${database}`).catch(error => {
      if (error.code !== '42P04') {
        throw error;
      }
    });
    const process = await startProcess({
      name: 'migration',
      command: globalThis.process.execPath,
      args: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        inRoot('tests/faults/programs/migrate.cjs'),
        postgres.urlOf(database),
      ],
      cwd: inRoot('plugins/pipelines-backend'),
    });
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const hasLock = async () =>
      (await client.query(HOLDS_LOCK, [database])).rows.length > 0;
    await until(async () => process.hasExited() || (await hasLock()), {
      what: 'the migration to begin',
      pollMs: 1,
    }).finally(() => client.end());
    return new MigrationProcess(process);
  }

  /** What a database consists of: columns, indexes, constraints, functions and triggers. */
  static async tablesOf(
    postgres: TestPostgres,
    database: string,
  ): Promise<string[]> {
    const rows = await queryIn(postgres.urlOf(database), TABLES);
    return rows.map(({ name }) => name);
  }

  /** The migrations that are done in a database. */
  static async doneIn(
    postgres: TestPostgres,
    database: string,
  ): Promise<string[]> {
    const rows = await queryIn(
      postgres.urlOf(database),
      'select name from knex_migrations order by name',
    ).catch(error => {
      if (error.code === '42P01') {
        return [];
      }
      throw error;
    });
    return rows.map(({ name }) => name);
  }

  readonly #process: ManagedProcess;
  readonly #begunAt = Date.now();

  private constructor(process: ManagedProcess) {
    this.#process = process;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  output(): string {
    return this.#process.log();
  }

  /** Waits for its end; `tookMs` is counted from its beginning. */
  async ended(): Promise<{ code: number | null; tookMs: number }> {
    const { code } = await this.#process.exited;
    return { code, tookMs: Date.now() - this.#begunAt };
  }
}

async function queryIn(
  connectionString: string,
  sql: string,
): Promise<{ name: string }[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
