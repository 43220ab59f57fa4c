import type {
  LogSearch,
  LogSearchRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import { LogFinder, WINDOW_LINES } from './LogFinder';

/** A log in which every tenth line is found. */
function aFinder(options: { totalLines: number; stopAt?: number }) {
  const log = { isBroken: false, ...options };
  const asked: LogSearchRequest[] = [];
  const search = async (request: LogSearchRequest): Promise<LogSearch> => {
    asked.push(request);
    if (log.isBroken) {
      throw new Error('The server is busy');
    }
    const from = request.from ?? 0;
    const to = from === 0 ? log.stopAt ?? log.totalLines : log.totalLines;
    const found: number[] = [];
    for (let line = Math.ceil(from / 10) * 10; line < to; line += 10) {
      found.push(line);
    }
    const limit = request.limit ?? 1_000;
    const near = request.near;
    const index =
      near === undefined
        ? request.index ?? 0
        : Math.max(0, found.findIndex(line => line >= near) - limit / 2);
    return {
      attempt: 1,
      from,
      to,
      totalLines: log.totalLines,
      ...(to < log.totalLines && { stopped: 'time' }),
      found: found.length,
      index,
      lines: found.slice(index, index + limit),
      levels: { error: found.length, warn: 0, info: 0, debug: 0, none: 1 },
      markLines: 10,
      marks: [{ error: from }],
      tookMs: 1,
    };
  };
  return { finder: new LogFinder({ search }), asked, log };
}

it('goes to the first found line from where the reader is, and round at the ends', async () => {
  const { finder, asked } = aFinder({ totalLines: 100 });
  expect(await finder.find({ q: 'x' }, { near: 31 })).toBe(40);
  expect(finder.getFacts()).toMatchObject({ found: 10, current: 4 });
  expect(await finder.step('next', 40)).toBe(50);
  expect(await finder.step('previous', 50)).toBe(40);
  expect(await finder.step('next', 95)).toBe(0);
  expect(await finder.step('previous', 0)).toBe(90);
  expect(await finder.step('previous', 44)).toBe(40);
  expect(asked).toHaveLength(1);
});

it('keeps a window of the found lines and asks for others', async () => {
  const { finder, asked } = aFinder({ totalLines: 1_000_000 });
  await finder.find({ q: 'x' });
  expect(finder.getFacts()).toMatchObject({ found: 100_000 });
  expect(finder.getFacts().lines).toHaveLength(WINDOW_LINES);
  expect(await finder.step('previous', 0)).toBe(999_990);
  expect(asked[1]).toMatchObject({ q: 'x', index: 94_999 });
  expect(finder.getFacts()).toMatchObject({ current: 99_999 });
  expect(await finder.goTo(2)).toBe(20);
});

it('searches only what was added to a growing log', async () => {
  const { finder, asked, log } = aFinder({ totalLines: 20 });
  await finder.find({ q: 'x' });
  await finder.grow(20);
  expect(asked).toHaveLength(1);
  log.totalLines = 45;
  await finder.grow(45);
  expect(asked[1]).toMatchObject({ from: 20 });
  expect(finder.getFacts()).toMatchObject({
    found: 5,
    lines: [0, 10, 20, 30, 40],
    to: 45,
    levels: { error: 5, none: 2 },
  });
  expect(finder.getFacts().parts).toHaveLength(2);
});

it('goes on where the server had stopped', async () => {
  const { finder } = aFinder({ totalLines: 100, stopAt: 50 });
  await finder.find({ q: 'x' });
  expect(finder.getFacts()).toMatchObject({ stopped: 'time', found: 5 });
  await finder.goOn();
  expect(finder.getFacts()).toMatchObject({ found: 10, to: 100 });
  expect(finder.getFacts().stopped).toBeUndefined();
});

it('forgets the answer of a search after which another has begun', async () => {
  const { finder } = aFinder({ totalLines: 100 });
  const first = finder.find({ q: 'a' }, { near: 0 });
  expect(await finder.find({ q: 'b' }, { near: 50 })).toBe(50);
  expect(await first).toBeUndefined();
});

it('says why it could not search', async () => {
  const finder = new LogFinder({
    search: async () => {
      throw new Error('A quotation mark is not closed');
    },
  });
  expect(await finder.find({ q: '"' })).toBeUndefined();
  expect(finder.getFacts()).toMatchObject({
    loading: false,
    error: { message: 'A quotation mark is not closed' },
  });
});

it('keeps what was found when the rest cannot be searched, and nothing of another search', async () => {
  const { finder, log } = aFinder({ totalLines: 100 });
  await finder.find({ q: 'x' });
  log.isBroken = true;
  log.totalLines = 200;
  await finder.grow(200);
  expect(finder.getFacts()).toMatchObject({
    answered: true,
    found: 10,
    loading: false,
    error: { message: 'The server is busy' },
  });

  log.isBroken = false;
  await finder.grow(200);
  expect(finder.getFacts()).toMatchObject({ found: 20, error: undefined });

  log.isBroken = true;
  await finder.find({ q: 'y' });
  expect(finder.getFacts()).toMatchObject({
    answered: false,
    found: 0,
    lines: [],
    wish: undefined,
    levels: undefined,
    current: undefined,
  });
});
