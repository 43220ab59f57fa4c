import type {
  LogLine,
  LogPage,
} from '@millrace/backstage-plugin-pipelines-common';
import { FoundRows } from './LogRowSource';
import { LogStore, pauseAfterFailure, type LoadLogRange } from './LogStore';
import { FAILURE_PAUSE_MS } from './PickedLines';

const AT = '2026-10-01T12:00:00.000Z';

const aLine = (number: number, more: Partial<LogLine> = {}): LogLine => ({
  number,
  stream: 'stdout',
  text: `line ${number}`,
  at: AT,
  ...more,
});

const settled = () => new Promise(resolve => setTimeout(resolve));

/** A log of this length, of which only what is asked for is made. */
function aLog(
  totalLines: number,
  lineOf: (number: number) => LogLine = number => aLine(number),
) {
  const asked: Array<Parameters<LoadLogRange>[0]> = [];
  const load: LoadLogRange = async range => {
    asked.push(range);
    const backward = range.direction === 'backward';
    const first = backward
      ? Math.max(0, (range.cursor ?? totalLines) - range.limit)
      : range.cursor ?? 0;
    const last = Math.min(
      totalLines,
      backward ? range.cursor ?? totalLines : first + range.limit,
    );
    const page: LogPage = {
      attempt: 1,
      lines: Array.from({ length: Math.max(0, last - first) }, (_, index) =>
        lineOf(first + index),
      ),
      totalLines,
      totalBytes: totalLines * 10,
      complete: true,
      truncated: false,
    };
    return page;
  };
  return { store: new LogStore({ load }), asked, load };
}

it('opens a log of a million lines with one page and loads others by address', async () => {
  const { store, asked } = aLog(1_000_000);
  await store.open();
  expect(asked).toEqual([{ direction: 'backward', limit: 1_000 }]);
  expect(store.rowCount).toBe(1_000_000);
  expect(store.lineAt(999_999)?.text).toBe('line 999999');
  expect(store.lineAt(500_000)).toBeUndefined();

  store.need(500_000, 500_040);
  await Promise.resolve();
  await Promise.resolve();
  expect(asked[1]).toEqual({ cursor: 500_000, limit: 1_000 });
  expect(store.lineAt(500_017)?.text).toBe('line 500017');
});

it('forgets the pages that were used longest ago', async () => {
  const { store } = aLog(1_000_000);
  await store.open();
  for (let page = 0; page < 80; page += 1) {
    store.need(page * 1_000, page * 1_000 + 10);
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(store.lineAt(79_000)).toBeDefined();
  expect(store.lineAt(0)).toBeUndefined();
});

it('does not ask twice for a page that is on the way', async () => {
  const { store, asked } = aLog(5_000);
  await store.open();
  store.need(0, 10);
  store.need(0, 20);
  expect(asked).toHaveLength(2);
});

it('gives no row to lines that a carriage return replaced', async () => {
  const progress: Record<number, Partial<LogLine>> = {
    1: { text: '10 %' },
    2: { text: '20 %', replaces: true },
    3: { stream: 'stderr', text: 'note' },
    4: { text: '30 %', replaces: true },
  };
  const { store } = aLog(6, number => aLine(number, progress[number]));
  await store.open();
  const shown = Array.from(
    { length: store.rowCount },
    (_, row) => store.lineAt(store.lineOfRow(row))?.text,
  );
  expect(shown).toEqual(['line 0', 'note', '30 %', 'line 5']);
  expect(store.rowOfLine(3)).toBe(1);
  expect(store.rowOfLine(2)).toBe(1);
  expect(store.rowOfLine(5)).toBe(3);
});

it('replaces all pieces of a line that had carried on', async () => {
  const pieces: Record<number, Partial<LogLine>> = {
    0: { text: 'a' },
    1: { text: 'b', continues: true },
    2: { text: 'c', replaces: true },
  };
  const { store } = aLog(3, number => aLine(number, pieces[number]));
  await store.open();
  expect(store.rowCount).toBe(1);
  expect(store.lineOfRow(0)).toBe(2);
});

it('grows by the stream and has no line twice', async () => {
  const { store } = aLog(2);
  await store.open();
  const lines = [aLine(1), aLine(2)];
  store.append({ attempt: 1, lines, totalLines: 3, totalBytes: 30 });
  store.append({ attempt: 1, lines, totalLines: 3, totalBytes: 30 });
  expect(store.rowCount).toBe(3);
  expect(store.getFacts()).toMatchObject({ totalLines: 3, totalBytes: 30 });
});

it('says why a log could not be read', async () => {
  const store = new LogStore({
    load: async () => {
      throw new Error('The log was removed');
    },
  });
  await store.open();
  expect(store.getFacts().error?.message).toBe('The log was removed');
  expect(store.rowCount).toBe(0);
});

it('loads single lines, a hundred at once, and each only once', async () => {
  const picked: number[][] = [];
  const store = new LogStore({
    load: aLog(1_000_000).load,
    pick: async numbers => {
      picked.push([...numbers]);
      return numbers.map(number => aLine(number));
    },
  });
  await store.open();
  const rows = new FoundRows(store, {
    lines: Array.from({ length: 250 }, (_, index) => index * 1_000),
  });
  expect(rows.rowCount).toBe(250);
  expect(rows.rowOfLine(4_500)).toBe(5);
  rows.need(0, 150_000);
  rows.need(0, 150_000);
  await Promise.resolve();
  await Promise.resolve();
  expect(picked.map(numbers => numbers.length)).toEqual([100, 51]);
  expect(rows.lineAt(rows.lineOfRow(7))?.text).toBe('line 7000');
});

it('asks again for a page that could not be read, but only after a pause', async () => {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
  const { store, load } = failing(aLog(5_000).load);
  await store.open();
  load.isBroken = true;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    store.need(0, 10);
    await settled();
  }
  expect(load.asked).toBe(2);
  expect(pauseAfterFailure(store.getFacts())).toBe(FAILURE_PAUSE_MS);

  load.isBroken = false;
  clock.mockReturnValue(FAILURE_PAUSE_MS);
  store.need(0, 10);
  await settled();
  expect(store.lineAt(0)?.text).toBe('line 0');
  expect(store.getFacts().error).toBeUndefined();
  clock.mockRestore();
});

/** A way to a log that can be broken. */
function failing(read: LoadLogRange) {
  const load = { isBroken: false, asked: 0 };
  const store = new LogStore({
    load: async (range, signal) => {
      load.asked += 1;
      if (load.isBroken) {
        throw new Error('The log cannot be reached');
      }
      return read(range, signal);
    },
  });
  return { store, load };
}
