import { InputError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** A step of a stream that counts and hashes what passes, and ends with an error beyond a limit. */
export class Measure extends Transform {
  readonly #hash = createHash('sha256');
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(limits: { maxBytes: number }) {
    super();
    this.#maxBytes = limits.maxBytes;
  }

  _transform(
    part: Buffer,
    _encoding: BufferEncoding,
    done: (error: Error | null, part?: Buffer) => void,
  ): void {
    this.#bytes += part.length;
    this.#hash.update(part);
    if (this.#bytes > this.#maxBytes) {
      done(
        new InputError(
          `The file has more than ${
            this.#maxBytes
          } bytes; raise 'pipelines.artifacts.maxBytes' to keep larger ones`,
        ),
      );
    } else {
      done(null, part);
    }
  }

  /** What has passed; to be called once, at the end. */
  result(): { bytes: number; sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
