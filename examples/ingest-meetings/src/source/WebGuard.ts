import { isIP } from 'node:net';
import { Agent } from 'undici';
import { SourceError } from '../errors.ts';
import {
  createPublicLookup,
  isPublicAddress,
  notAllowed,
} from './publicAddress.ts';

/**
 * Keeps runs from reading what only this machine can reach: whoever submits one chooses the
 * address, and the machine stands inside of a network.
 *
 * @remarks
 * Without a word of the operator only public addresses on the usual ports are read. To be asked
 * again for each redirect.
 */
export class WebGuard {
  readonly #allowedHosts: ReadonlySet<string>;
  readonly #anywhere = new Agent();
  readonly #publicOnly = new Agent({
    connect: { lookup: createPublicLookup() },
  });

  /** @param allowedHosts - `name` for any port, or `name:port`, in lower case */
  constructor(allowedHosts: readonly string[]) {
    this.#allowedHosts = new Set(allowedHosts);
  }

  /**
   * What makes the connections to this address.
   *
   * @throws SourceError when it may not be read
   */
  agentFor(url: URL): Agent {
    if (url.username || url.password) {
      throw new SourceError(
        'bad-url',
        'An address with a user or a password is not read',
      );
    }
    if (this.#isAllowed(url)) {
      return this.#anywhere;
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A literal address is never looked up, so it is checked here.
    if (url.port !== '' || (isIP(host) !== 0 && !isPublicAddress(host))) {
      throw notAllowed(url.host);
    }
    return this.#publicOnly;
  }

  #isAllowed(url: URL): boolean {
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return (
      this.#allowedHosts.has(url.hostname) ||
      this.#allowedHosts.has(`${url.hostname}:${port}`)
    );
  }
}
