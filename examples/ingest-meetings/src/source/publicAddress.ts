import { lookup as lookupAddresses, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { SourceError } from '../errors.ts';

const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether anybody on the internet could mean this address: not of this machine, of a private
 * network, of a cloud's metadata service, nor one that stands for such an address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) {
    return false;
  }
  const parsed = ipaddr.process(address);
  return (
    parsed.range() === 'unicast' &&
    (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST_V6))
  );
}

/** Asks for every address of a name, as `dns.lookup` does with `all`. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A lookup for connections that gives a name's addresses only when all of them are public.
 *
 * @remarks
 * The connection is made to the very addresses that were checked, so a name that answers
 * differently the next time gains nothing.
 *
 * @param resolve - default the system's resolver
 */
export function createPublicLookup(
  resolve: Resolve = lookupAddresses,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, []);
      } else if (!addresses.every(({ address }) => isPublicAddress(address))) {
        callback(notAllowed(hostname), []);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, addresses[0].address, addresses[0].family);
      }
    });
  };
}

/** The refusal of a host, with the way out. */
export function notAllowed(host: string): SourceError {
  return new SourceError(
    'host-not-allowed',
    `The host '${host}' is not a public one on the usual port; whoever runs this can name it in INGEST_ALLOWED_HOSTS`,
  );
}
