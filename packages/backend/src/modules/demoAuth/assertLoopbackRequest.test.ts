import { assertLoopbackRequest } from './assertLoopbackRequest';

function check(options: {
  peer?: string;
  host?: string;
  forwardedFor?: string;
}) {
  assertLoopbackRequest({
    headers: {
      host: options.host,
      'x-forwarded-for': options.forwardedFor,
    },
    socket: { remoteAddress: options.peer },
  });
}

describe('assertLoopbackRequest', () => {
  it.each([
    { peer: '127.0.0.1', host: 'localhost:7007' },
    { peer: '127.8.9.1', host: 'LOCALHOST' },
    { peer: '::1', host: '[::1]:7007' },
    { peer: '::ffff:127.0.0.1', host: '127.0.0.1:7007' },
  ])('lets $peer at $host pass', request => {
    expect(() => check(request)).not.toThrow();
  });

  it.each([
    { peer: '10.0.0.5', host: 'localhost:7007' },
    { peer: '::ffff:10.0.0.5', host: 'localhost:7007' },
    { peer: 'fe80::1', host: 'localhost:7007' },
    { peer: undefined, host: 'localhost:7007' },
  ])('refuses the peer $peer', request => {
    expect(() => check(request)).toThrow(/only from the machine/);
  });

  it('does not believe a forwarded address', () => {
    expect(() =>
      check({
        peer: '10.0.0.5',
        host: 'localhost:7007',
        forwardedFor: '127.0.0.1',
      }),
    ).toThrow(/not from '10\.0\.0\.5'/);
  });

  it.each([
    undefined,
    '',
    'portal.example:7007',
    'localhost.portal.example',
    '127.0.0.1.portal.example',
    '10.0.0.5:7007',
  ])('refuses the host name %p', host => {
    expect(() => check({ peer: '127.0.0.1', host })).toThrow(
      /loopback name such as 'localhost'/,
    );
  });
});
