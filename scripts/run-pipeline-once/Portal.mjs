// @ts-check
import { Readable } from 'node:stream';
import fs from 'node:fs';

const TIMEOUT_MS = 30_000;
/** So that a file on a slow line has its time too. */
const SLOWEST_BYTES_PER_MS = 50;

/** What will pass by itself, besides every 5xx. */
const PASSING_STATUSES = [408, 425, 429];

/** The portal did not do what it was asked for. */
export class PortalError extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number, passes: boolean }} how `status` is absent when there was no
   *   answer; `passes`: the same request may succeed later
   */
  constructor(message, { status, passes }) {
    super(message);
    this.status = status;
    this.passes = passes;
  }
}

/** Calls the API of one portal. */
export class Portal {
  #base;
  #readToken;

  /** @param {{ portal: string, readToken: () => string }} options */
  constructor({ portal, readToken }) {
    this.#base = `${portal}/api/pipelines`;
    this.#readToken = readToken;
  }

  /**
   * @param {string} path below the API
   * @returns {Promise<any>} the JSON answer
   * @throws {PortalError}
   */
  get(path) {
    return this.#request(path, {});
  }

  /**
   * @param {'POST' | 'PUT'} method
   * @param {string} path
   * @param {unknown} body
   * @param {Record<string, string>} [headers]
   * @returns {Promise<any>} the JSON answer
   * @throws {PortalError}
   */
  send(method, path, body, headers = {}) {
    return this.#request(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  /**
   * @param {string} path
   * @param {Uint8Array} bytes
   * @returns {Promise<any>} the JSON answer
   * @throws {PortalError}
   */
  putBytes(path, bytes) {
    return this.#request(path, {
      method: 'PUT',
      body: bytes,
      headers: { 'Content-Type': 'application/octet-stream' },
    });
  }

  /**
   * @param {string} path
   * @param {{ file: string, mediaType?: string }} source
   * @returns {Promise<any>} the JSON answer
   * @throws {PortalError}
   */
  putFile(path, { file, mediaType = 'application/octet-stream' }) {
    const { size } = fs.statSync(file);
    return this.#request(
      path,
      {
        method: 'PUT',
        body: Readable.toWeb(fs.createReadStream(file)),
        duplex: 'half',
        headers: { 'Content-Type': mediaType },
      },
      TIMEOUT_MS + Math.ceil(size / SLOWEST_BYTES_PER_MS),
    );
  }

  /**
   * @param {string} path
   * @param {Record<string, any>} init
   * @param {number} [timeoutMs]
   */
  async #request(path, init, timeoutMs = TIMEOUT_MS) {
    const headers = {
      ...init.headers,
      Authorization: `Bearer ${this.#readToken()}`,
    };
    const signal = AbortSignal.timeout(timeoutMs);
    let response;
    let text;
    try {
      response = await fetch(`${this.#base}${path}`, {
        ...init,
        headers,
        // Whoever is sent elsewhere must not take the token there.
        redirect: 'manual',
        signal,
      });
      text = await response.text();
    } catch (error) {
      throw new PortalError(`The portal is not there: ${reasonOf(error)}`, {
        passes: true,
      });
    }
    const body = parseJson(text);
    if (response.ok && body !== undefined) {
      return body;
    }
    throw refusal(response, body);
  }
}

/**
 * @param {Response} response
 * @param {any} body
 */
function refusal({ status, headers }, body) {
  if (status >= 300 && status < 400) {
    return new PortalError(
      `The portal is at ${headers.get('location')}; give that to --portal`,
      { status, passes: false },
    );
  }
  const message = body?.error?.message;
  return new PortalError(
    message
      ? `The portal says: ${message}`
      : `The portal answered ${status} without a reason`,
    {
      status,
      // What is not in the words of the API comes from a portal that is just starting.
      passes: status >= 500 || PASSING_STATUSES.includes(status) || !message,
    },
  );
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  const { cause, name, message } = /** @type {Error & { cause?: any }} */ (
    error
  );
  if (name === 'TimeoutError') {
    return 'it did not answer in time';
  }
  return cause?.code ?? cause?.message ?? message;
}
