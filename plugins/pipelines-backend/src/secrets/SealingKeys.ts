import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { NotFoundError } from '@backstage/errors';

const ALGORITHM = 'aes-256-gcm';
const VERSION = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

interface SealingKey {
  /** Says which key has sealed something, and nothing about the key. */
  id: Buffer;
  encryption: Buffer;
  fingerprint: Buffer;
}

/**
 * Seals bytes with the newest key and opens what any of the keys has sealed.
 *
 * @remarks
 * What is sealed has the form `[version: 1][key id: 8][nonce: 12][tag: 16][AES-256-GCM]`.
 * The keys are derived by HKDF with SHA-256 from the configured texts.
 */
export class SealingKeys {
  readonly #keys: readonly SealingKey[];

  /** @param texts - newest first, at least one */
  constructor(texts: readonly [string, ...string[]]) {
    this.#keys = texts.map(text => ({
      id: derive(text, 'id', KEY_ID_BYTES),
      encryption: derive(text, 'encryption', KEY_BYTES),
      fingerprint: derive(text, 'fingerprint', KEY_BYTES),
    }));
  }

  seal(plain: Buffer): Buffer {
    const [key] = this.#keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key.encryption, nonce);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([
      Buffer.of(VERSION),
      key.id,
      nonce,
      cipher.getAuthTag(),
      body,
    ]);
  }

  /**
   * Opens what was sealed.
   *
   * @throws NotFoundError when its key is not configured any more; Error when it was changed
   */
  open(sealed: Buffer): Buffer {
    if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) {
      throw new Error('What was sealed is damaged, or a newer version made it');
    }
    let at = 1;
    const take = (bytes: number) => sealed.subarray(at, (at += bytes));
    const id = take(KEY_ID_BYTES);
    const nonce = take(NONCE_BYTES);
    const tag = take(TAG_BYTES);
    const key = this.#keys.find(candidate => candidate.id.equals(id));
    if (!key) {
      throw new NotFoundError(
        `The key that has sealed the secret parameters is not configured any more; put it back at the end of 'pipelines.secrets.keys'`,
      );
    }
    const decipher = createDecipheriv(ALGORITHM, key.encryption, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(tag);
    return Buffer.concat([
      decipher.update(sealed.subarray(at)),
      decipher.final(),
    ]);
  }

  /**
   * The same text for the same bytes, from which nobody without the keys can guess them.
   *
   * @remarks
   * Made with the oldest key, so that it changes only when that one is removed.
   */
  fingerprint(plain: Buffer): string {
    const key = this.#keys[this.#keys.length - 1];
    return createHmac('sha256', key.fingerprint).update(plain).digest('hex');
  }
}

function derive(text: string, purpose: string, bytes: number): Buffer {
  const info = `millrace parameters ${purpose}`;
  return Buffer.from(hkdfSync('sha256', text, '', info, bytes));
}
