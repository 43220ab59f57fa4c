import { Entity } from '@backstage/catalog-model';
import {
  mockServices,
  startTestBackend,
  TestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import demoAuthModule from './index';

const PORTAL_URL = 'http://localhost:7007';

const ada: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'ada', namespace: 'default', description: 'Admin' },
  spec: { profile: { displayName: 'Ada', email: 'ada@millrace.example' } },
  relations: [{ type: 'memberOf', targetRef: 'group:default/millrace-admins' }],
};

const noor: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'noor', namespace: 'default' },
  spec: {},
};

const demoConfig = {
  demo: true,
  app: { baseUrl: PORTAL_URL },
  auth: {
    providers: {
      demo: {
        users: ['user:default/ada', 'user:default/noor', 'user:default/late'],
      },
      guest: {},
    },
  },
};

describe('demoAuthModule', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('runs its tests on Postgres', () => {
    expect(databases.eachSupportedId()).toEqual([['POSTGRES_18']]);
  });

  async function startPortal(config: object): Promise<TestBackend> {
    const knex = await databases.init('POSTGRES_18');
    return startTestBackend({
      features: [
        authPlugin,
        demoAuthModule,
        mockServices.rootConfig.factory({
          data: { backend: { baseUrl: PORTAL_URL }, ...config },
        }),
        mockServices.database.factory({ knex }),
        catalogServiceMock.factory({ entities: [ada, noor] }),
      ],
    });
  }

  describe('in a demo', () => {
    let portal: TestBackend;

    beforeAll(async () => {
      portal = await startPortal(demoConfig);
    });

    afterAll(() => portal.stop());

    function signIn(body?: object) {
      return request(portal.server)
        .post('/api/auth/demo/refresh')
        .set('X-Requested-With', 'XMLHttpRequest')
        .set('Origin', PORTAL_URL)
        .send(body ?? {});
    }

    it('lists the users in their order, also one that the catalog does not know', async () => {
      const { body } = await request(portal.server)
        .get('/api/auth/demo/users')
        .expect(200);
      expect(body.items).toEqual([
        {
          userEntityRef: 'user:default/ada',
          displayName: 'Ada',
          description: 'Admin',
        },
        { userEntityRef: 'user:default/noor' },
        { userEntityRef: 'user:default/late' },
      ]);
    });

    it('signs in the first user with the groups of the catalog', async () => {
      const response = await signIn().expect(200);
      expect(response.body).toEqual({
        providerInfo: {},
        profile: { displayName: 'Ada', email: 'ada@millrace.example' },
        backstageIdentity: {
          token: expect.any(String),
          expiresInSeconds: expect.any(Number),
          identity: {
            type: 'user',
            userEntityRef: 'user:default/ada',
            ownershipEntityRefs: [
              'user:default/ada',
              'group:default/millrace-admins',
            ],
          },
        },
      });
      expect(response.get('Cache-Control')).toBe('no-store');
      expect(response.get('Set-Cookie')).toBeUndefined();
    });

    it('signs in the chosen user', async () => {
      const { body } = await signIn({
        userEntityRef: 'user:default/noor',
      }).expect(200);
      const [, payload] = body.backstageIdentity.token.split('.');
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub).toBe(
        'user:default/noor',
      );
    });

    it('signs in the first user as a guest, without any header', async () => {
      const { body } = await request(portal.server)
        .post('/api/auth/guest/refresh')
        .expect(200);
      expect(body.backstageIdentity.identity.userEntityRef).toBe(
        'user:default/ada',
      );
    });

    it('makes the caller wait for a user that the catalog does not know yet', async () => {
      const { body } = await signIn({
        userEntityRef: 'user:default/late',
      }).expect(503);
      expect(body.error.message).toMatch(
        /does not know 'user:default\/late' yet/,
      );
    });

    it('refuses a user that is not configured', async () => {
      const { body } = await signIn({
        userEntityRef: 'user:default/root',
      }).expect(400);
      expect(body.error.message).toMatch(
        /'user:default\/root' is not a demo user; choose one of/,
      );
    });

    it.each([
      { userEntityRef: 7 },
      { userEntityRef: 'user:default/ada', admin: true },
      [],
    ])('refuses the body %j', async body => {
      expect((await signIn(body)).status).toBe(400);
    });

    it('refuses a body that is not JSON', async () => {
      const { status } = await request(portal.server)
        .post('/api/auth/demo/refresh')
        .set('X-Requested-With', 'XMLHttpRequest')
        .type('form')
        .send({ userEntityRef: 'user:default/ada' });
      expect(status).toBe(400);
    });

    it('refuses a request that a form could send', async () => {
      const { status } = await request(portal.server)
        .post('/api/auth/demo/refresh')
        .send({ userEntityRef: 'user:default/ada' });
      expect(status).toBe(403);
    });

    it.each(['demo', 'guest'])(
      'refuses %s sign-in for another site, by another name, and by GET',
      async provider => {
        const refresh = () =>
          request(portal.server)
            .post(`/api/auth/${provider}/refresh`)
            .set('X-Requested-With', 'XMLHttpRequest');
        const answers = await Promise.all([
          refresh().set('Origin', 'http://evil.example').send({}),
          refresh().set('Host', 'evil.example').send({}),
          request(portal.server)
            .get(`/api/auth/${provider}/refresh`)
            .set('X-Requested-With', 'XMLHttpRequest'),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
      },
    );

    it('tells nobody the users by another name than loopback', async () => {
      const { status } = await request(portal.server)
        .get('/api/auth/demo/users')
        .set('Host', 'evil.example');
      expect(status).toBe(403);
    });
  });

  it("does not start when the provider is configured without 'demo: true'", async () => {
    await expect(startPortal({ ...demoConfig, demo: false })).rejects.toThrow(
      /needs 'demo: true'/,
    );
  });

  it('offers nothing in a portal without the demo', async () => {
    const portal = await startPortal({ app: { baseUrl: PORTAL_URL } });
    try {
      const answers = await Promise.all([
        request(portal.server).get('/api/auth/demo/users'),
        request(portal.server).post('/api/auth/guest/refresh'),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    } finally {
      await portal.stop();
    }
  });
});
