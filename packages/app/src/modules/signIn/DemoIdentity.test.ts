import { mockApis } from '@backstage/frontend-test-utils';
import { demoBackend, TOKEN_LIFETIME_SECONDS } from '../../testing/demoBackend';
import { DemoAuthClient } from './DemoAuthClient';
import { DemoIdentity } from './DemoIdentity';
import { readDemoUserChoice } from './demoUserChoice';

describe('DemoIdentity', () => {
  const backend = demoBackend();
  let now = 0;

  beforeEach(() => {
    window.localStorage.clear();
    backend.install();
    now = 1_000_000;
  });

  afterEach(() => backend.uninstall());

  async function signIn() {
    const client = DemoAuthClient.create({
      discoveryApi: mockApis.discovery(),
    });
    const session = await client.signIn('user:default/noor');
    return DemoIdentity.create({ client, session, now: () => now });
  }

  it('keeps a token that is good for a while', async () => {
    const identity = await signIn();
    now += (TOKEN_LIFETIME_SECONDS - 6 * 60) * 1_000;
    expect(await identity.getCredentials()).toEqual({ token: 'token-1' });
  });

  it('renews a token once for all who ask, as the same user', async () => {
    const identity = await signIn();
    now += (TOKEN_LIFETIME_SECONDS - 4 * 60) * 1_000;
    expect(
      await Promise.all([identity.getCredentials(), identity.getCredentials()]),
    ).toEqual([{ token: 'token-2' }, { token: 'token-2' }]);
    expect((await identity.getBackstageIdentity()).userEntityRef).toBe(
      'user:default/noor',
    );
    expect(await identity.getCredentials()).toEqual({ token: 'token-2' });
  });

  it('tries again after a renewal that failed', async () => {
    const identity = await signIn();
    now += TOKEN_LIFETIME_SECONDS * 1_000;
    backend.failNext({ status: 500, name: 'Error', message: 'no database' });
    await expect(identity.getCredentials()).rejects.toThrow(/no database/);
    expect(await identity.getCredentials()).toEqual({ token: 'token-2' });
  });

  it('forgets the cookie at sign-out and asks next time', async () => {
    const identity = await signIn();
    await identity.signOut();
    expect(backend.requests()).toContain('DELETE /.backstage/auth/v1/cookie');
    expect(readDemoUserChoice()).toBe('ask');
  });
});
