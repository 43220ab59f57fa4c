import { mockCredentials } from '@backstage/backend-test-utils';
import request from 'supertest';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const API = '/api/pipelines/pipelines';
const ADA = mockCredentials.user.header('user:default/ada');

describe('what is told of a pipeline', () => {
  let plugin: TestPlugin;
  beforeAll(async () => {
    const definition = {
      command: [process.execPath, '--version'],
      owner: 'group:default/own',
    };
    plugin = await startTestPlugin({
      definitions: { nightly: definition, hourly: definition },
    });
  }, 120_000);
  afterAll(() => plugin?.stop());

  const get = async (path: string) =>
    (await request(plugin.server).get(path).set('Authorization', ADA)).body;
  const post = async (path: string, body: object) => {
    const { status } = await request(plugin.server)
      .post(path)
      .set('Authorization', ADA)
      .send(body);
    expect(status).toBeLessThan(300);
  };

  it('says while it is paused by whom and why, alone and in the list', async () => {
    await post(`${API}/nightly/pause`, { reason: 'moving the database' });
    const paused = {
      by: 'user:default/ada',
      reason: 'moving the database',
    };
    expect((await get(`${API}/nightly`)).paused).toMatchObject(paused);
    const { items } = await get(API);
    expect(
      items.map(({ id, paused: pause }: { id: string; paused?: object }) => [
        id,
        pause,
      ]),
    ).toEqual([
      ['hourly', undefined],
      ['nightly', expect.objectContaining(paused)],
    ]);

    await post(`${API}/nightly/resume`, {});
    expect((await get(`${API}/nightly`)).paused).toBeUndefined();
  });
});
