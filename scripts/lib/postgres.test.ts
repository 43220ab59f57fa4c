import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { createCredentials } from './credentials.ts';
import { prepareDatabases } from './databases.ts';
import type { Failure } from './failure.mjs';
import { type PostgresServer, startPostgresServer } from './postgres.ts';
import { releaseDataDirectory } from './postgresDirectory.ts';
import { isAlive } from './processes.ts';
import { makeTemporaryFolder } from './temporaryFolder.ts';

const folder = makeTemporaryFolder('house');
const directory = path.join(folder.path, 'postgres');
const credentials = createCredentials();
const options = {
  directory,
  password: credentials.postgres,
  durable: false,
};
after(() => folder.remove());

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function failsWith(pattern: RegExp) {
  return (error: Failure) => {
    assert.match(error.message, pattern);
    assert.match(String(error.wayOut), /--reset|DATABASE_URL|again/);
    return true;
  };
}

describe('the roles and databases', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgresServer(options);
  });
  after(() => server.stop());

  it('are made once and stay the same the second time', async () => {
    await prepareDatabases(server.url, credentials);
    const again = await prepareDatabases(server.url, credentials);
    assert.deepEqual(again.warnings, []);
    assert.match(again.version, /^18\./);
  });

  it('let the writer write and the reader only read', async () => {
    const { archiveWriteUrl, archiveReadUrl } = await prepareDatabases(
      server.url,
      credentials,
    );
    await query(archiveWriteUrl!, 'create table notes as select 1 as id');
    assert.deepEqual(await query(archiveReadUrl!, 'select id from notes'), [
      { id: 1 },
    ]);
    for (const sql of [
      'insert into notes values (2)',
      'create table mine (id int)',
      'set default_transaction_read_only = off; delete from notes',
    ]) {
      await assert.rejects(
        query(archiveReadUrl!, sql),
        /read-only|permission denied/,
      );
    }
  });

  it('do not let the portal into the archive, nor make it a superuser', async () => {
    const { portal } = await prepareDatabases(server.url, credentials);
    const url = `postgresql://${portal.user}:${portal.password}@${portal.host}:${portal.port}`;
    await assert.rejects(query(`${url}/archive`, 'select 1'), /denied/);
    const [role] = await query(
      `${url}/postgres`,
      'select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user',
    );
    assert.deepEqual(role, {
      rolsuper: false,
      rolcreatedb: true,
      rolcreaterole: false,
    });
  });

  it('leave the archive out, with a reason, for a user who may not create roles', async () => {
    await query(
      server.url,
      `create role plain login createdb password 'plain'`,
    );
    const url = new URL(server.url);
    url.username = 'plain';
    url.password = 'plain';
    const databases = await prepareDatabases(url.toString(), credentials);
    assert.equal(databases.archiveWriteUrl, undefined);
    assert.equal(databases.portal.user, 'plain');
    assert.match(databases.warnings.join(), /plain.*createrole/);
  });

  it('refuse a user who may not even create databases', async () => {
    await query(server.url, `create role bare login password 'bare'`);
    const url = new URL(server.url);
    url.username = 'bare';
    url.password = 'bare';
    await assert.rejects(
      prepareDatabases(url.toString(), credentials),
      /may not create databases/,
    );
  });
});

describe('the data directory', () => {
  it('keeps what was written over a kill -9 of the server', async () => {
    const first = await startPostgresServer({ ...options, durable: true });
    await query(first.url, 'create table kept as select 42 as answer');
    first.process.kill('SIGKILL');
    await first.process.exited;
    await releaseDataDirectory(directory);
    const second = await startPostgresServer(options);
    const rows = await query(second.url, 'select answer from kept');
    assert.deepEqual(rows, [{ answer: 42 }]);
    await second.stop();
  });

  it('is freed from a server that was left behind', async () => {
    const left = await startPostgresServer(options);
    assert.equal(await releaseDataDirectory(directory), true);
    assert.equal(isAlive(left.process.pid), false);
  });

  it('is freed from a pid file whose number belongs to another program', async () => {
    const pidFile = path.join(directory, 'postmaster.pid');
    fs.writeFileSync(pidFile, `${process.pid}\n${directory}\n`);
    assert.equal(await releaseDataDirectory(directory), false);
    assert.equal(fs.existsSync(pidFile), false);
  });

  it('is refused when it was made by another version', async () => {
    const version = path.join(directory, 'PG_VERSION');
    fs.writeFileSync(version, '15\n');
    await assert.rejects(
      startPostgresServer(options),
      failsWith(/made by PostgreSQL 15/),
    );
    fs.writeFileSync(version, '18\n');
  });

  it('is refused when it is damaged', async () => {
    const control = path.join(directory, 'global/pg_control');
    const content = fs.readFileSync(control);
    fs.writeFileSync(control, Buffer.alloc(content.length, 7));
    await assert.rejects(
      startPostgresServer(options),
      failsWith(/damaged|another version/),
    );
    fs.rmSync(path.join(directory, 'PG_VERSION'));
    await assert.rejects(
      startPostgresServer(options),
      failsWith(/not a whole PostgreSQL data directory/),
    );
  });
});
