import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The downloaded bytes of a source, in a temporary file that has no name.
 *
 * @remarks
 * Offsets stay valid whatever happens to the original, and because the name is
 * removed at once, not even a killed process leaves the file behind.
 */
export class SourceFile {
  private readonly handle: FileHandle;
  private readonly leftover: string | undefined;
  private readonly hash = createHash('sha256');
  private written = 0;

  /** Creates an empty file in the temporary folder of the system. */
  static async create(): Promise<SourceFile> {
    const path = join(tmpdir(), `ingest-meetings-${randomUUID()}.json`);
    const handle = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      return new SourceFile(handle, undefined);
    } catch {
      // Some systems refuse to unlink an open file; then close() does it
      return new SourceFile(handle, path);
    }
  }

  private constructor(handle: FileHandle, leftover: string | undefined) {
    this.handle = handle;
    this.leftover = leftover;
  }

  /** Bytes written so far. */
  get size(): number {
    return this.written;
  }

  /** Appends a chunk. */
  async append(chunk: Uint8Array): Promise<void> {
    let offset = 0;
    while (offset < chunk.length) {
      const { bytesWritten } = await this.handle.write(
        chunk,
        offset,
        chunk.length - offset,
        this.written + offset,
      );
      offset += bytesWritten;
    }
    this.hash.update(chunk);
    this.written += chunk.length;
  }

  /** SHA-256 of all bytes, in hex; to be asked once, when all is written. */
  digest(): string {
    return this.hash.digest('hex');
  }

  /**
   * Reads `length` bytes from `position` on; fewer only at the end of the file.
   *
   * @param into - a buffer to reuse, instead of a new one
   */
  async read(position: number, length: number, into?: Buffer): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.written - position));
    const buffer = into ? into.subarray(0, wanted) : Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.handle.read(
        buffer,
        filled,
        wanted - filled,
        position + filled,
      );
      if (bytesRead === 0) {
        throw new Error(
          `The downloaded file ends at byte ${position + filled}, although ${
            this.written
          } bytes were written`,
        );
      }
      filled += bytesRead;
    }
    return buffer;
  }

  /** Gives the disk space back. */
  async close(): Promise<void> {
    await this.handle.close();
    if (this.leftover) {
      await unlink(this.leftover);
    }
  }
}
