import {
  LogPageSchema,
  LogQuerySchema,
} from '@millrace/backstage-plugin-pipelines-common';
import knexFactory, { type Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { TestDatabase, waitFor } from '../__testUtils__';
import { DatabaseProxy } from '../__testUtils__/DatabaseProxy';
import { LogsService } from './LogsService';
import { collect, rawLine, TestRun } from '../__testUtils__/TestRun';

jest.setTimeout(60_000);

describe('LogsService', () => {
  let database: TestDatabase;
  const stops: Array<() => unknown> = [];

  beforeAll(async () => {
    database = await TestDatabase.create();
  });

  afterAll(async () => {
    stops.forEach(stop => stop());
    await database.drop();
  });

  function createLogs(
    options: { maxBytes?: number; knex?: TestDatabase['knex'] } = {},
  ) {
    const grown = jest.fn();
    const logs = LogsService.create({
      knex: options.knex ?? database.knex,
      live: { grown, subscribe: () => () => {}, connected: true },
      config: { maxBytes: options.maxBytes ?? 1024 ** 3, maxStreams: 10 },
      lifecycle: { addShutdownHook: stop => stops.push(stop) },
    });
    return { logs, grown };
  }

  const read = (logs: LogsService, runId: string, query: object = {}) =>
    logs.readRange(runId, LogQuerySchema.parse(query));

  const readRaw = async (logs: LogsService, runId: string) =>
    collect((await logs.openRaw(runId)).content);

  /** Sequences that must have no gap, as the database has them. */
  async function readChunkPlaces(runId: string) {
    const rows = await database
      .knex('log_chunks')
      .where({ run_id: runId })
      .orderBy('chunk_no')
      .select('chunk_no', 'first_line', 'line_count', 'byte_start', 'byte_len');
    return rows.map(row => ({
      chunk: row.chunk_no,
      line: Number(row.first_line),
      lines: row.line_count,
      byte: Number(row.byte_start),
      bytes: row.byte_len,
    }));
  }

  it('stores hostile bytes exactly as they came, and shows them as text', async () => {
    const { logs, grown } = createLogs();
    const run = await TestRun.create(database.knex);
    const lines = [
      rawLine(Buffer.from([0, 0xff, 0xfe, 0x80, 0x0a])),
      rawLine(Buffer.from([0xed, 0xa0, 0x80, 0x0a]), 'stderr'),
      rawLine('\ufeffBOM \u2028\u2029 \u202eevil \u001b]8;;http://x\u0007\n'),
      rawLine('progress\r'),
      rawLine('100 %\r\n'),
      rawLine(randomBytes(60_000).map(byte => (byte === 10 ? 11 : byte))),
    ];

    await logs.append(run.lease, { lines, position: 1 });
    await run.end();

    const bytes = Buffer.concat(lines.map(line => line.bytes));
    const raw = await readRaw(logs, run.id);
    expect(createHash('sha256').update(raw).digest('hex')).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
    const page = await read(logs, run.id);
    expect(LogPageSchema.parse(JSON.parse(JSON.stringify(page)))).toEqual(page);
    expect(page).toMatchObject({
      attempt: 1,
      totalLines: 6,
      totalBytes: bytes.length,
      complete: true,
      truncated: false,
    });
    expect(page.lines[0].text).toBe('\u0000\ufffd\ufffd\ufffd');
    expect(page.lines[4]).toMatchObject({ text: '100 %', replaces: true });
    expect(grown).toHaveBeenCalledWith(run.id);
  });

  it('stores a batch that is sent again only once, from whichever process', async () => {
    const run = await TestRun.create(database.knex);
    const batch = { lines: [rawLine('a\n'), rawLine('b')], position: 7 };
    const { logs } = createLogs();

    await logs.append(run.lease, batch);
    await logs.append(run.lease, batch);
    await createLogs().logs.append(run.lease, batch);
    await createLogs().logs.append(run.lease, {
      lines: [rawLine('c\n')],
      position: 9,
    });

    expect(String(await readRaw(logs, run.id))).toBe('a\nbc\n');
    expect((await read(logs, run.id)).lines[2]).toMatchObject({
      number: 2,
      text: 'c',
      continues: true,
    });
  });

  it('neither loses nor doubles a line when connections break at any moment', async () => {
    const knex = database.connect();
    const { logs } = createLogs({ knex });
    const run = await TestRun.create(database.knex);
    let expected = '';

    const breaking = setInterval(() => database.breakConnections(), 150);
    for (let position = 1; position <= 400; position++) {
      const lines = [`${position} out\n`, `${position} more\n`];
      expected += lines.join('');
      await sleep(1);
      await logs.append(run.lease, {
        lines: lines.map(line => rawLine(line)),
        position,
      });
    }
    clearInterval(breaking);
    await quiet(knex);
    await quiet(database.knex);

    expect(String(await readRaw(createLogs().logs, run.id))).toBe(expected);
    const places = await readChunkPlaces(run.id);
    let [line, byte] = [0, 0];
    places.forEach((place, index) => {
      expect(place).toMatchObject({ chunk: index, line, byte });
      line += place.lines;
      byte += place.bytes;
    });
    expect(line).toBe(800);
    await knex.destroy();
  });

  it('does not store again what was stored when the answer was lost', async () => {
    const proxy = await DatabaseProxy.create(database.url);
    const knex = knexFactory({ client: 'pg', connection: proxy.url });
    const { logs } = createLogs({ knex });
    const run = await TestRun.create(database.knex);
    let expected = '';

    for (let position = 1; position <= 20; position++) {
      await knex.raw('select 1');
      proxy.losesNextAnswer = position > 1;
      expected += `${position}\n`;
      await logs.append(run.lease, {
        lines: [rawLine(`${position}\n`)],
        position,
      });
    }

    expect(proxy.losesNextAnswer).toBe(false);
    expect(String(await readRaw(logs, run.id))).toBe(expected);
    expect(await readChunkPlaces(run.id)).toHaveLength(20);
    await knex.destroy();
    await proxy.close();
  });

  it('stores nothing once the lease is over', async () => {
    const { logs } = createLogs();
    const run = await TestRun.create(database.knex);
    await logs.append(run.lease, { lines: [rawLine('mine\n')], position: 1 });
    const stale = { ...run.lease, token: randomUUID() };

    const batch = { lines: [rawLine('late\n')], position: 2 };
    await expect(logs.append(stale, batch)).rejects.toThrow('lease');
    await run.end();
    await expect(logs.append(run.lease, batch)).rejects.toMatchObject({
      name: 'LeaseLostError',
    });

    expect(String(await readRaw(logs, run.id))).toBe('mine\n');
  });

  it('keeps the order of batches that are appended at once', async () => {
    const { logs } = createLogs();
    const run = await TestRun.create(database.knex);

    await Promise.all(
      Array.from({ length: 500 }, (_value, index) =>
        logs.append(run.lease, {
          lines: [rawLine(`${index}\n`)],
          position: index + 1,
        }),
      ),
    );

    const text = String(await readRaw(logs, run.id));
    expect(text).toBe(
      Array.from({ length: 500 }, (_v, i) => `${i}\n`).join(''),
    );
    expect((await readChunkPlaces(run.id)).length).toBeLessThan(100);
  });

  describe('when a log meets its limit', () => {
    it('says so, stores no more, and keeps the end until the attempt is over', async () => {
      const { logs } = createLogs({ maxBytes: 10_000 });
      const run = await TestRun.create(database.knex);
      const lines = Array.from(
        { length: 3_000 },
        (_value, index) => `line ${index} ${'x'.repeat(990)}\n`,
      );
      for (const [index, line] of lines.entries()) {
        await logs.append(run.lease, {
          lines: [rawLine(line)],
          position: index + 1,
        });
      }

      const before = await read(logs, run.id);
      expect(before).toMatchObject({ truncated: true, totalLines: 11 });
      expect(before.lines[10].text).toMatch(
        /^\[millrace\] This log met its limit of 9.8 KiB\./,
      );

      await logs.finish(run.lease);
      await run.end();
      const after = await read(logs, run.id, {
        direction: 'backward',
        limit: 5000,
      });
      const texts = after.lines.map(({ text }) => text);
      expect(texts.at(-1)).toBe(lines.at(-1)!.trimEnd());
      expect(after.totalBytes).toBeLessThan(10_000 + 1024 * 1024 + 1_000);
      expect(after.totalBytes).toBeGreaterThan(1024 * 1024);
      const second = texts.find(text => text.includes('left out'));
      const left = lines.slice(10, 3_000 - (after.totalLines - 12));
      const leftMiB = left.join('').length / 1024 / 1024;
      expect(second).toBe(
        `[millrace] ${left.length.toLocaleString(
          'en',
        )} lines (${leftMiB.toFixed(
          1,
        )} MiB) were left out here. The end of the log follows.`,
      );
    });

    it('stores the end once, also when the answer to that was lost', async () => {
      const proxy = await DatabaseProxy.create(database.url);
      const knex = knexFactory({ client: 'pg', connection: proxy.url });
      const { logs } = createLogs({ knex, maxBytes: 10 });
      const run = await TestRun.create(database.knex);
      await logs.append(run.lease, {
        lines: [rawLine('12345\n'), rawLine('end of log\n')],
        position: 1,
      });

      proxy.losesNextAnswer = true;
      await logs.finish(run.lease);
      await logs.finish(run.lease);

      expect(proxy.losesNextAnswer).toBe(false);
      const raw = String(await readRaw(logs, run.id));
      expect(raw.match(/end of log/g)).toHaveLength(1);
      expect(raw).toMatch(/^12345\n\[millrace\] .*\n\[millrace\] 0 lines/);
      await knex.destroy();
      await proxy.close();
    });

    it('goes on counting in another process, and says that it may be more', async () => {
      const run = await TestRun.create(database.knex);
      const first = createLogs({ maxBytes: 10 }).logs;
      await first.append(run.lease, {
        lines: [rawLine('12345'), rawLine('67890!')],
        position: 1,
      });
      const second = createLogs({ maxBytes: 10 }).logs;
      await second.append(run.lease, {
        lines: [rawLine('end\n')],
        position: 2,
      });
      await second.finish(run.lease);

      const raw = String(await readRaw(second, run.id));
      expect(raw).toMatch(
        /^12345\n\[millrace\] This log met its limit of 10 bytes/,
      );
      expect(raw).toMatch(
        /\n\[millrace\] At least 0 lines \(0 bytes\) were left out here.*\nend\n$/,
      );
    });
  });

  describe('readRange', () => {
    it('reads any range in both directions, and what it cannot give in one answer next', async () => {
      const { logs } = createLogs();
      const run = await TestRun.create(database.knex);
      const texts = Array.from(
        { length: 2_500 },
        (_value, index) => `l${index}`,
      );
      for (let at = 0; at < texts.length; at += 100) {
        await logs.append(run.lease, {
          lines: texts.slice(at, at + 100).map(text => rawLine(`${text}\n`)),
          position: at + 100,
        });
      }
      const textsOf = async (query: object) =>
        (await read(logs, run.id, query)).lines.map(({ text }) => text);

      expect(await textsOf({ limit: 3 })).toEqual(['l0', 'l1', 'l2']);
      expect(await textsOf({ cursor: 99, limit: 3 })).toEqual([
        'l99',
        'l100',
        'l101',
      ]);
      expect(await textsOf({ cursor: 2_499 })).toEqual(['l2499']);
      expect(await textsOf({ cursor: 2_500 })).toEqual([]);
      expect(await textsOf({ cursor: 9_999_999 })).toEqual([]);
      expect(await textsOf({ direction: 'backward', limit: 2 })).toEqual([
        'l2498',
        'l2499',
      ]);
      expect(
        await textsOf({ direction: 'backward', cursor: 100, limit: 2 }),
      ).toEqual(['l98', 'l99']);
      expect(await textsOf({ direction: 'backward', cursor: 0 })).toEqual([]);
      expect(await textsOf({ limit: 5_000 })).toEqual(texts);
    });

    it('bounds the bytes of an answer from the end that was asked for', async () => {
      const { logs } = createLogs();
      const run = await TestRun.create(database.knex);
      const lines = Array.from({ length: 100 }, () =>
        rawLine(`${'x'.repeat(59_999)}\n`),
      );
      await logs.append(run.lease, { lines, position: 1 });

      const forward = await read(logs, run.id);
      const backward = await read(logs, run.id, { direction: 'backward' });

      expect(forward.lines[0].number).toBe(0);
      expect(forward.lines).toHaveLength(18);
      expect(backward.lines.at(-1)?.number).toBe(99);
      expect(backward.lines).toHaveLength(18);
    });

    it('says that there is nothing yet, no such attempt, or no longer anything', async () => {
      const { logs } = createLogs();
      const run = await TestRun.create(database.knex);
      await logs.append(run.lease, { lines: [rawLine('a\n')], position: 1 });

      expect(await read(logs, randomUUID())).toMatchObject({
        attempt: 0,
        lines: [],
      });
      await expect(read(logs, run.id, { attempt: 2 })).rejects.toThrow(
        'has no attempt 2',
      );
      await database.knex('log_chunks').where({ run_id: run.id }).delete();
      await expect(read(logs, run.id)).rejects.toThrow('was removed');
      await expect(logs.openRaw(run.id)).rejects.toThrow('was removed');
    });
  });

  it('stops trying when the process is shut down', async () => {
    const knex = database.connect();
    const { logs } = createLogs({ knex });
    const run = await TestRun.create(database.knex);
    await knex.destroy();

    const appending = logs.append(run.lease, {
      lines: [rawLine('a\n')],
      position: 1,
    });
    stops.at(-1)!();

    await expect(appending).rejects.toThrow();
    await waitFor('nothing stored', async () => {
      return (await read(createLogs().logs, run.id)).totalLines === 0;
    });
  });
});

/** Until the pool has a connection that works again. */
async function quiet(knex: Knex): Promise<void> {
  await waitFor('a working connection', () =>
    knex.raw('select 1').then(
      () => true,
      () => false,
    ),
  );
}
