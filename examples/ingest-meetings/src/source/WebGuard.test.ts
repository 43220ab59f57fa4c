import type { LookupAddress } from 'node:dns';
import { createPublicLookup, isPublicAddress } from './publicAddress.ts';
import { WebGuard } from './WebGuard.ts';

describe('WebGuard', () => {
  const guard = new WebGuard(['feeds.internal', '127.0.0.1:8080']);

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://①②⑦.0.0.1/',
    'http://127.0.0.1:8081/',
    'http://example.org:5432/',
    'https://example.org:80/',
  ])('refuses %s', address => {
    expect(() => guard.agentFor(new URL(address))).toThrow(
      'INGEST_ALLOWED_HOSTS',
    );
  });

  it.each([
    'http://user@feeds.internal/',
    'http://:word@feeds.internal/',
    'https://user:word@example.org/',
  ])('refuses an address with a secret in it: %s', address => {
    expect(() => guard.agentFor(new URL(address))).toThrow('a user');
  });

  it.each([
    'http://example.org/',
    'https://example.org:443/',
    'http://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'http://feeds.internal/',
    'http://FEEDS.internal:9000/',
    'http://127.0.0.1:8080/',
  ])('lets %s pass', address => {
    expect(guard.agentFor(new URL(address))).toBeDefined();
  });
});

describe('isPublicAddress', () => {
  it.each(['', 'localhost', '127.0.0.1', '::ffff:10.0.0.1', 'fe80::1%eth0'])(
    'is false of %j',
    address => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );
});

describe('createPublicLookup', () => {
  const PUBLIC = { address: '93.184.216.34', family: 4 };
  const INSIDE = { address: '10.0.0.5', family: 4 };

  function lookUp(answers: LookupAddress[][], all: boolean) {
    const lookup = createPublicLookup((_hostname, _options, done) =>
      done(null, answers.shift()!),
    );
    return new Promise((resolve, reject) => {
      lookup('name.test', { all }, (error, address) =>
        error ? reject(error) : resolve(address),
      );
    });
  }

  it('gives the very addresses that it has checked, and asks only once', async () => {
    // A name that flips to an inner address as soon as it was checked
    expect(await lookUp([[PUBLIC], [INSIDE]], true)).toEqual([PUBLIC]);
    expect(await lookUp([[PUBLIC], [INSIDE]], false)).toBe(PUBLIC.address);
  });

  it('refuses a name with any address that is not public', async () => {
    await expect(lookUp([[PUBLIC, INSIDE]], true)).rejects.toThrow(
      "'name.test' is not a public one",
    );
  });
});
