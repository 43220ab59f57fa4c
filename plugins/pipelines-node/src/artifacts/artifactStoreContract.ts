import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ArtifactStore, ByteRange } from './ArtifactStore';

/** A store for {@link describeArtifactStoreContract}. @public */
export interface ArtifactStoreContractSubject {
  store: ArtifactStore;
  /** How many files the store holds, finished or not. */
  countFiles(): Promise<number>;
  close(): Promise<void>;
}

const MAX_BYTES = 20_000_000;

/**
 * Declares the tests (Jest) that every artifact store has to pass.
 *
 * @param name - of the store, for the titles
 * @param create - makes an empty store for each test
 * @public
 */
export function describeArtifactStoreContract(
  name: string,
  create: () => Promise<ArtifactStoreContractSubject>,
): void {
  // Taken when they are called for: this package is also loaded where there is no test runner.
  const { describe, it, beforeEach, afterEach, expect } =
    globalThis as typeof globalThis & { expect: jest.Expect };
  describe(`artifact store contract of ${name}`, () => {
    let subject: ArtifactStoreContractSubject;

    beforeEach(async () => {
      subject = await create();
    });
    afterEach(() => subject.close());

    const add = (bytes: Buffer, limits = { maxBytes: MAX_BYTES }) =>
      subject.store.add(Readable.from(chunksOf(bytes)), limits);

    async function read(key: string, range?: ByteRange) {
      const file = await subject.store.open(key);
      const bytes = file && (await buffer(file.read(range)));
      await file?.close();
      return { size: file?.bytes, bytes };
    }

    it.each([0, 1, 100_000, 12_000_000])(
      'gives back the %i bytes that were added, and their hash',
      async count => {
        const bytes = randomBytes(count);
        const stored = await add(bytes);
        expect(stored).toEqual({
          key: expect.stringMatching(/^[\w.:/-]{1,200}$/),
          bytes: count,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        });
        const { size, bytes: found } = await read(stored.key);
        expect(size).toBe(count);
        expect(found?.equals(bytes)).toBe(true);
      },
    );

    it('gives a part', async () => {
      const bytes = randomBytes(1_000);
      const { key } = await add(bytes);
      const part = await read(key, { start: 10, end: 19 });
      expect(part.bytes?.equals(bytes.subarray(10, 20))).toBe(true);
    });

    it('never gives the same name twice', async () => {
      const [first, second] = await Promise.all([
        add(Buffer.from('a')),
        add(Buffer.from('a')),
      ]);
      expect(first.key).not.toBe(second.key);
    });

    it('keeps nothing of what is too large', async () => {
      await expect(
        add(randomBytes(2_000), { maxBytes: 1_999 }),
      ).rejects.toThrow('more than 1999 bytes');
      expect(await subject.countFiles()).toBe(0);
    });

    it('keeps nothing of a stream that fails', async () => {
      const source = Readable.from(
        (async function* fail() {
          yield randomBytes(100_000);
          throw new Error('The disk is on fire');
        })(),
      );
      await expect(
        subject.store.add(source, { maxBytes: MAX_BYTES }),
      ).rejects.toThrow('The disk is on fire');
      expect(await subject.countFiles()).toBe(0);
    });

    it('opens nothing that was removed, and removes it twice', async () => {
      const { key } = await add(Buffer.from('a'));
      await subject.store.remove(key);
      await subject.store.remove(key);
      expect(await subject.store.open(key)).toBeUndefined();
      expect(await subject.countFiles()).toBe(0);
    });

    it('lets go of a reader that leaves', async () => {
      const { key } = await add(randomBytes(12_000_000));
      const file = await subject.store.open(key);
      const stream = file!.read();
      await new Promise(resolve => {
        stream.once('data', resolve);
      });
      stream.destroy();
      await file!.close();
      expect((await read(key)).bytes?.length).toBe(12_000_000);
    });
  });
}

function* chunksOf(bytes: Buffer) {
  for (let start = 0; start < bytes.length; start += 65_536) {
    yield bytes.subarray(start, start + 65_536);
  }
}
