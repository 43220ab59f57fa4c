import { NotAllowedError } from '@backstage/errors';
import { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Refuses a request that does not come from this machine and address it by a loopback name.
 *
 * @remarks
 * The peer is the socket's address: a header can be forged, so `X-Forwarded-For` is not read and
 * a portal behind a proxy on another machine is refused. The name in `Host` is checked too, or a
 * web page whose own name was re-bound to 127.0.0.1 could sign in.
 *
 * @throws NotAllowedError
 */
export function assertLoopbackRequest(
  request: Pick<IncomingMessage, 'headers'> & {
    socket: { remoteAddress?: string };
  },
): void {
  const peer = request.socket.remoteAddress;
  if (!peer || !isLoopbackAddress(peer)) {
    throw new NotAllowedError(
      `Demo users sign in only from the machine that the portal runs on, not from '${peer}'`,
    );
  }
  const host = request.headers.host;
  if (!host || !isLoopbackHost(host)) {
    throw new NotAllowedError(
      `Demo users sign in only at a loopback name such as 'localhost', not at '${host}'`,
    );
  }
}

function isLoopbackAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return LOOPBACK.check(address, 'ipv4');
    case 6:
      // Matches IPv4-mapped addresses (::ffff:127.0.0.1) against the IPv4 subnet as well.
      return LOOPBACK.check(address, 'ipv6');
    default:
      return false;
  }
}

function isLoopbackHost(host: string): boolean {
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLocaleLowerCase('en-US');
  return name === 'localhost' || isLoopbackAddress(name);
}
