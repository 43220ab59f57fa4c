import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Spool } from '../../../shim/spool';
import { SpoolReader } from './SpoolReader';

describe('the spool', () => {
  let root: string;
  let folder: string;
  let troubles: string[];
  let spool: Spool | undefined;

  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'millrace-spool-'));
    folder = path.join(root, 'spool');
    troubles = [];
  });

  afterEach(async () => {
    await spool?.close();
    rmSync(root, { recursive: true, force: true });
  });

  function openSpool(onTrouble: () => void = () => {}): Spool {
    spool = new Spool({
      folder,
      maxBytes: 1_000,
      segmentBytes: 100,
      onPosition: () => {},
      onTrouble: message => {
        troubles.push(message);
        onTrouble();
      },
      onChange: () => {},
    });
    return spool;
  }

  async function readAll(from = 0, until = Infinity) {
    const reader = new SpoolReader(folder, from);
    const texts: string[] = [];
    for (
      let records = await reader.read(until);
      records.length > 0;
      records = await reader.read(until)
    ) {
      texts.push(...records.map(({ bytes }) => bytes.toString()));
    }
    await reader.close();
    return texts;
  }

  it('gives back every line over many files, from any position', async () => {
    await mkdir(folder);
    const opened = openSpool();
    const positions: number[] = [0];
    for (let n = 0; n < 100; n++) {
      opened.append(1, Buffer.from(`line ${n}\n`));
      await opened.flush();
      positions.push(opened.position);
    }

    expect(readdirSync(folder).length).toBeGreaterThan(5);
    const all = Array.from({ length: 100 }, (_, n) => `line ${n}\n`);
    expect(await readAll()).toEqual(all);
    expect(await readAll(positions[42])).toEqual(all.slice(42));
    expect(await readAll(0, positions[42])).toEqual(all.slice(0, 42));
  });

  it('deletes what is acknowledged, and takes no more than its limit before', async () => {
    await mkdir(folder);
    const opened = openSpool();
    for (let n = 0; n < 50; n++) {
      opened.append(2, Buffer.alloc(50, 'x'));
      await opened.flush();
    }
    expect(opened.isFull).toBe(true);

    opened.ack(opened.position);
    expect(opened.isFull).toBe(false);
    while (readdirSync(folder).length > 1) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(await readAll(0)).toHaveLength(2);
  });

  it('waits while the disk refuses, says so once, and loses nothing', async () => {
    const opened = openSpool(() => {
      expect(opened.isFull).toBe(true);
    });
    opened.append(1, Buffer.from('before\n'));
    const flushed = opened.flush();
    while (troubles.length === 0) {
      await new Promise(resolve => setImmediate(resolve));
    }
    await mkdir(folder);
    await flushed;

    expect(troubles).toEqual([expect.stringContaining('cannot be written')]);
    expect(opened.isFull).toBe(false);
    expect(await readAll()).toEqual(['before\n']);
  });

  it('counts what it gave up when nobody waits any more', async () => {
    const opened = openSpool(() => opened.giveUp());
    opened.append(1, Buffer.from('lost\n'));
    await opened.flush();
    expect(opened.unwritten).toBe(10);
  });

  it('gives back the beginning of a line that a killed shim could not finish', async () => {
    await mkdir(folder);
    const opened = openSpool();
    opened.append(1, Buffer.from('whole\n'));
    opened.append(1, Buffer.from('cut in half\n'));
    await opened.flush();
    const [name] = readdirSync(folder);
    truncateSync(path.join(folder, name), opened.position - 9);

    expect(await readAll()).toEqual(['whole\n', 'cut']);
    expect(await readAll(0, opened.position)).toEqual(['whole\n']);
  });
});
