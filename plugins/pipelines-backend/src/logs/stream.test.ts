import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  LogLine,
  RunStreamEvent,
} from '@millrace/backstage-plugin-pipelines-common';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidV7 } from 'uuid';
import {
  eventsUntil,
  openStream,
  type OpenStream,
} from '../__testUtils__/openStream';
import { serveRouter, type ServedRouter } from '../__testUtils__/serveRouter';
import { DatabaseLiveService } from '../live';
import { createTestDefinitions, TestDatabase, waitFor } from '../__testUtils__';
import {
  collect,
  rawLine,
  TEST_PIPELINE,
  TestRun,
} from '../__testUtils__/TestRun';
import {
  AuthorizedLogSearch,
  AuthorizedLogsService,
  AuthorizedStreams,
  createLogsRouter,
  LogSearcher,
  LogsService,
  RunStreamHub,
  TemplatesService,
} from './index';
import type { StreamTimings } from './streamTimings';

jest.setTimeout(60_000);

describe('GET /runs/{id}/stream', () => {
  let database: TestDatabase;
  const stops: Array<() => unknown> = [];
  const lifecycle = {
    addShutdownHook: (stop: () => unknown) => stops.push(stop),
  };

  beforeAll(async () => {
    database = await TestDatabase.create();
  });

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop();
    }
  });

  afterAll(async () => {
    await database.drop();
  });

  async function start(
    options: {
      timings?: Partial<StreamTimings>;
      maxStreams?: number;
      /** As if the worker were another process. */
      isElsewhere?: boolean;
    } = {},
  ) {
    const live = DatabaseLiveService.create({
      knex: database.knex,
      logger: mockServices.logger.mock(),
      lifecycle,
    });
    const deaf = {
      grown: () => {},
      subscribe: () => () => {},
      connected: false,
    };
    const config = {
      maxBytes: 1024 ** 3,
      maxStreams: options.maxStreams ?? 2_000,
    };
    const logs = LogsService.create({
      knex: database.knex,
      live: options.isElsewhere ? deaf : live,
      config,
      lifecycle,
    });
    const definitions = await createTestDefinitions(database.knex, [
      { id: TEST_PIPELINE },
    ]);
    const served = await serveRouter({
      knex: database.knex,
      definitions,
      createRouter: ({ authorizedRuns, httpAuth, runs, logger }) =>
        createLogsRouter({
          httpAuth,
          logs: new AuthorizedLogsService({ logs, runs: authorizedRuns }),
          search: new AuthorizedLogSearch({
            searcher: new LogSearcher({ knex: database.knex }),
            runs: authorizedRuns,
            templates: new TemplatesService({ knex: database.knex }),
          }),
          streams: new AuthorizedStreams({
            runs: authorizedRuns,
            hub: RunStreamHub.create({
              knex: database.knex,
              runs,
              live: options.isElsewhere ? deaf : live,
              logger,
              config,
              lifecycle,
              timings: options.timings,
            }),
          }),
        }),
    });
    stops.unshift(() => served.stop());
    const run = await TestRun.create(database.knex);
    return { logs, run, served, ...driverOf(logs, run, served) };
  }

  function driverOf(logs: LogsService, run: TestRun, served: ServedRouter) {
    let position = 0;
    const url = `${served.url}/runs/${run.id}/stream`;
    return {
      url,
      append: (...texts: string[]) =>
        logs.append(run.lease, {
          lines: texts.map(text => rawLine(text)),
          position: ++position,
        }),
      open: async (lastEventId?: string) => {
        const stream = await openStream(url, { lastEventId });
        stops.push(() => stream.close());
        return stream;
      },
    };
  }

  const linesOf = (events: readonly RunStreamEvent[]): LogLine[] =>
    events.flatMap(event => (event.name === 'log' ? event.data.lines : []));
  const textsOf = (events: readonly RunStreamEvent[]) =>
    linesOf(events).map(({ text }) => text);
  const hasText = (text: string) => (event: RunStreamEvent) =>
    event.name === 'log' && event.data.lines.some(line => line.text === text);
  const all = (stream: OpenStream) => eventsUntil(stream, () => false);

  it('begins near the end of a long log when only its tail is wanted', async () => {
    const { append, url, run } = await start();
    for (let i = 0; i < 5; i++) {
      await append(`${i} a\n`, `${i} b\n`);
    }
    const stream = await openStream(`${url}?tail=3`);
    stops.push(() => stream.close());
    const events = await eventsUntil(stream, hasText('4 b'));

    expect(linesOf(events).map(({ number, text }) => [number, text])).toEqual([
      [6, '3 a'],
      [7, '3 b'],
      [8, '4 a'],
      [9, '4 b'],
    ]);

    await append('5 a\n');
    await run.end();
    expect(textsOf(await all(stream))).toEqual(['5 a']);
  });

  it('sends what there is, then what comes, and ends with the run', async () => {
    const { append, open, run, url } = await start();
    await append('first\n', 'second\n');

    const stream = await open();
    const beginning = await eventsUntil(stream, hasText('second'));
    await append('third\n');
    const middle = await eventsUntil(stream, hasText('third'));
    await database.knex('run_steps').insert({
      run_id: run.id,
      attempt: 1,
      position: 0,
      name: 'load',
      state: 'running',
    });
    await database
      .knex('runs')
      .where({ id: run.id })
      .update({ progress: 0.5, current_step: 'load' });
    const news = await eventsUntil(
      stream,
      ({ name, data }) => name === 'progress' && 'progress' in data,
    );
    await append('last');
    await run.end();
    const end = await all(stream);

    expect(stream.status).toBe(200);
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(stream.asides[0]).toBe('retry: 2000');
    expect(beginning.map(({ name }) => name)).toEqual([
      'state',
      'step',
      'progress',
      'log',
    ]);
    expect(beginning.at(-1)).toMatchObject({
      id: '1.13.0',
      data: { attempt: 1, totalLines: 2, totalBytes: 13 },
    });
    expect(middle.map(({ name }) => name)).toEqual(['log']);
    expect(news.find(({ name }) => name === 'step')).toMatchObject({
      data: { items: [{ name: 'load', state: 'running' }] },
    });
    expect(textsOf(end)).toEqual(['last']);
    expect(end.at(-1)).toMatchObject({
      name: 'end',
      data: { state: 'succeeded' },
    });
    const again = await all(await openStream(url));
    expect(textsOf(again)).toEqual(['first', 'second', 'third', 'last']);
    expect(again.at(-1)?.name).toBe('end');
  });

  it('goes on exactly where a viewer was, however often it is cut off', async () => {
    const { append, url, run, logs } = await start();
    let writing = true;
    const writer = (async () => {
      for (let index = 0; writing; index++) {
        await append(`${index} a\n`, `${index} é${'x'.repeat(300)}`, ' end\n');
        await sleep(2);
      }
      await run.end();
    })();

    const seen: LogLine[] = [];
    let lastEventId: string | undefined;
    let ended = false;
    let cuts = 0;
    const until = performance.now() + 5_000;
    while (!ended) {
      writing = performance.now() < until;
      const stream = await openStream(url, { lastEventId });
      const cut = setTimeout(() => stream.close(), 100);
      try {
        for await (const event of stream.events) {
          expect(event.name).not.toBe('gap');
          seen.push(...linesOf([event]));
          lastEventId = event.id ?? lastEventId;
          ended = event.name === 'end';
        }
      } catch {
        cuts += 1;
      }
      clearTimeout(cut);
    }
    await writer;

    const { lines } = await logs
      .readRange(run.id, {
        direction: 'forward',
        limit: 1,
      })
      .then(({ totalLines }) => readAllLines(logs, run.id, totalLines));
    expect(cuts).toBeGreaterThan(20);
    expect(seen).toEqual(lines);
    const raw = String(await collect((await logs.openRaw(run.id)).content));
    expect(
      seen
        .map(line => line.text + (line.text.includes('é') ? '' : '\n'))
        .join(''),
    ).toBe(raw);
  });

  it('sends all of a log that is much larger than what may wait, in order', async () => {
    const { append, open, run } = await start();
    const texts = Array.from(
      { length: 200 },
      (_value, index) => `${index} ${'y'.repeat(50_000)}`,
    );
    for (const text of texts) {
      await append(`${text}\n`);
    }
    await run.end();

    const events = await all(await open());

    expect(textsOf(events)).toEqual(texts);
    const sizes = events.map(({ data }) => JSON.stringify(data).length);
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
    expect(Math.max(...sizes)).toBeGreaterThan(64 * 1024);
  });

  it('goes on with a new attempt, also for who was in the middle of the last one', async () => {
    const { append, open, run, logs } = await start();
    await append('one\n');
    const stream = await open();
    const [first] = (await eventsUntil(stream, hasText('one'))).slice(-1);
    await append('two\n');
    await run.retry();
    await logs.append(run.lease, { lines: [rawLine('three\n')], position: 1 });
    await run.end();

    const rest = await all(stream);
    expect(linesOf(rest)).toMatchObject([
      { number: 1, text: 'two' },
      { number: 0, text: 'three' },
    ]);
    expect(rest.find(hasText('three'))?.id).toMatch(/^2\.6\./);
    expect(textsOf(await all(await open(first.id)))).toEqual(['two', 'three']);
    expect(textsOf(await all(await open()))).toEqual(['three']);
  });

  it('follows a run whose worker is another process', async () => {
    const { append, open, run } = await start({ isElsewhere: true });
    const stream = await open();
    await eventsUntil(stream, ({ name }) => name === 'progress');

    await append('polled\n');
    await eventsUntil(stream, hasText('polled'));
    await run.end('failed');

    expect((await all(stream)).at(-1)).toMatchObject({
      data: { state: 'failed' },
    });
  });

  describe('with the id of an event', () => {
    it.each([
      'garbage',
      '-1.0.0',
      '1.-5.0',
      '1.2',
      '1.2.3.4',
      '1.1e3.0',
      '9'.repeat(90),
      'a\u0001',
    ])('refuses %j', async id => {
      const { url } = await start();
      const res = await openStream(`${url}?cursor=${encodeURIComponent(id)}`);
      expect(res.status).toBe(400);
    });

    it.each([
      '1.4.0',
      '1.9999.0',
      '7.0.0',
      '1.2.99',
      '0.5.0',
      '999999999.999999999999999.999999999',
    ])(
      'begins again at %s, which this run has not sent, and says so',
      async id => {
        const { append, open, run } = await start();
        await append('a\n');
        await append('bcd\n');
        await run.end();

        const events = await all(await open(id));

        expect(events[0]).toMatchObject({
          name: 'gap',
          data: { reason: expect.stringContaining('begins again') },
        });
        expect(textsOf(events)).toEqual(['a', 'bcd']);
      },
    );

    it('takes it from the header before the query', async () => {
      const { append, run, url } = await start();
      await append('a\n');
      await append('b\n');
      await run.end();

      const fromQuery = await openStream(`${url}?cursor=1.2.0`);
      const fromBoth = await openStream(`${url}?cursor=1.2.0`, {
        lastEventId: '1.4.0',
      });

      expect(textsOf(await all(fromQuery))).toEqual(['b']);
      expect(textsOf(await all(fromBoth))).toEqual([]);
    });
  });

  describe('for many viewers', () => {
    it('brings a line to 50 of them within 400 ms', async () => {
      const { append, open } = await start();
      const streams = await Promise.all(
        Array.from({ length: 50 }, () => open()),
      );
      const delays: number[] = [];
      const watching = streams.map(async stream => {
        for await (const event of stream.events) {
          for (const { text } of linesOf([event])) {
            delays.push(performance.now() - Number(text));
          }
          if (delays.length >= 50 * 100) {
            return;
          }
        }
      });

      for (let index = 0; index < 100; index++) {
        await append(`${performance.now()}\n`);
        await sleep(20);
      }
      await waitFor('all lines', () => delays.length === 50 * 100);
      stops.forEach(stop => stop());
      await Promise.allSettled(watching);

      delays.sort((a, b) => a - b);
      expect(delays[Math.floor(delays.length * 0.95)]).toBeLessThan(400);
    });

    it('reads each part of the log once, however many watch', async () => {
      const { append, open } = await start();
      const streams = await Promise.all(
        Array.from({ length: 40 }, () => open()),
      );
      await Promise.all(
        streams.map(stream =>
          eventsUntil(stream, ({ name }) => name === 'progress'),
        ),
      );
      let reads = 0;
      const count = ({ sql }: { sql: string }) => {
        reads += /from log_chunks/.test(sql) ? 1 : 0;
      };
      database.knex.on('query', count);
      for (let index = 0; index < 10; index++) {
        await append(`${index}\n`);
        await Promise.all(
          streams.map(stream => eventsUntil(stream, hasText(`${index}`))),
        );
      }
      database.knex.off('query', count);

      expect(reads).toBeLessThanOrEqual(11);
    });

    it('lets one that does not read wait, and cuts it off, without costing the others', async () => {
      const { append, open, served, run } = await start({
        timings: { drainMs: 1_500 },
      });
      const { hostname, port, pathname } = new URL(served.url);
      const idle = net.connect(Number(port), hostname).pause();
      stops.push(() => idle.destroy());
      idle.on('error', () => {});
      idle.write(
        `GET ${pathname}/runs/${run.id}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mock-user-token\r\n\r\n`,
      );
      const reader = await open();
      await eventsUntil(reader, ({ name }) => name === 'progress');
      const before = process.memoryUsage().rss;

      let peak = 0;
      for (let index = 0; index < 150; index++) {
        await append(`${index} ${'z'.repeat(60_000)}\n`, `mark ${index}\n`);
        await eventsUntil(reader, hasText(`mark ${index}`));
        peak = Math.max(peak, process.memoryUsage().rss);
      }
      const addedMiB = (peak - before) / 1024 / 1024;
      const closed = once(idle, 'close');
      idle.resume();

      await closed;
      expect(idle.bytesRead).toBeLessThan(7 * 1024 * 1024);
      expect(addedMiB).toBeLessThan(150);
    });

    it('refuses one too many, and takes the next when one has gone', async () => {
      const { open } = await start({ maxStreams: 2 });
      const first = await open();
      await open();

      expect((await open()).status).toBe(503);
      first.close();
      await waitFor('a free place', async () => (await open()).status === 200);
    });
  });

  it('closes when the viewer may no longer see the run', async () => {
    const { open, served } = await start({ timings: { recheckMs: 50 } });
    const stream = await open();
    await eventsUntil(stream, ({ name }) => name === 'progress');

    served.decide(AuthorizeResult.DENY);

    expect(
      (await all(stream).catch(() => [])).map(({ name }) => name),
    ).not.toContain('end');
    expect((await open()).status).toBe(404);
  });

  it('keeps an idle connection alive', async () => {
    const { open } = await start({ timings: { pingMs: 30 } });
    const stream = await open();
    all(stream).catch(() => {});

    const pings = () => stream.asides.filter(text => text === ': ping');
    await waitFor('two pings', () => pings().length > 1);
    expect(stream.asides.slice(1)).toEqual(pings());
  });

  it('closes when the process is shut down', async () => {
    const { open } = await start();
    const stream = await open();
    await eventsUntil(stream, ({ name }) => name === 'progress');

    for (const stop of stops.splice(0).reverse()) {
      await stop();
    }

    await expect(all(stream).catch(() => 'cut')).resolves.toBeDefined();
  });

  it('reads on after the database was away', async () => {
    const { append, open } = await start();
    const stream = await open();
    await append('before\n');
    await eventsUntil(stream, hasText('before'));

    await database.breakConnections();
    await append('after\n');

    expect(textsOf(await eventsUntil(stream, hasText('after')))).toEqual([
      'after',
    ]);
  });

  it('knows no run that there is not, and nobody without a token', async () => {
    const { served, url } = await start();
    const missing = `${served.url}/runs/${uuidV7()}/stream`;

    expect((await openStream(missing)).status).toBe(404);
    expect((await openStream(`${served.url}/runs/x/stream`)).status).toBe(404);
    expect((await fetch(url)).status).toBe(401);
  });
});

async function readAllLines(
  logs: LogsService,
  runId: string,
  totalLines: number,
) {
  const lines: LogLine[] = [];
  while (lines.length < totalLines) {
    const page = await logs.readRange(runId, {
      direction: 'forward',
      cursor: lines.length,
      limit: 5_000,
    });
    lines.push(...page.lines);
  }
  return { lines };
}
