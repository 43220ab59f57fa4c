import { mockCredentials } from '@backstage/backend-test-utils';
import {
  RESOURCE_TYPE_PIPELINE,
  runResourceRef,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { insertRun } from '../__testUtils__/insertRun';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const ALICE = 'user:default/alice';

describe('a question about one run', () => {
  let plugin: TestPlugin;
  let ofAlice: string;
  let ofBob: string;
  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {
        nightly: {
          command: [process.execPath, '--version'],
          owner: 'group:default/own',
        },
      },
    });
    const insert = (submitted_by: string) =>
      insertRun(plugin.database.knex, {
        pipeline_id: 'nightly',
        state: 'queued',
        submitted_by,
      });
    ofAlice = await insert(ALICE);
    ofBob = await insert('user:default/bob');
  }, 120_000);
  afterAll(() => plugin?.stop());

  /** Asks as the permission backend does when a policy answers with a condition. */
  async function ask(
    resourceRefs: string[],
    rule: { rule: string; params: object },
  ) {
    const { body, status } = await request(plugin.server)
      .post('/api/pipelines/.well-known/backstage/permissions/apply-conditions')
      .set('Authorization', mockCredentials.service.header())
      .send({
        items: resourceRefs.map((resourceRef, index) => ({
          id: String(index),
          resourceRef,
          resourceType: RESOURCE_TYPE_PIPELINE,
          conditions: { ...rule, resourceType: RESOURCE_TYPE_PIPELINE },
        })),
      });
    expect(status).toBe(200);
    return body.items.map(({ result }: { result: string }) => result);
  }

  it('is answered by who submitted it, which the pipeline alone cannot say', async () => {
    const refs = [runResourceRef(ofAlice), runResourceRef(ofBob), 'nightly'];
    await expect(
      ask(refs, { rule: 'IS_SUBMITTER', params: { userRefs: [ALICE] } }),
    ).resolves.toEqual(['ALLOW', 'DENY', 'DENY']);
  });

  it('is answered by its pipeline where the condition is about that', async () => {
    const refs = [runResourceRef(ofAlice), runResourceRef(ofBob), 'nightly'];
    const owners = { ownerRefs: ['group:default/own'] };
    await expect(
      ask(refs, { rule: 'IS_OWNER', params: owners }),
    ).resolves.toEqual(['ALLOW', 'ALLOW', 'ALLOW']);
    await expect(
      ask(refs, { rule: 'IS_OWNER', params: { ownerRefs: ['group:x/y'] } }),
    ).resolves.toEqual(['DENY', 'DENY', 'DENY']);
  });

  it('is denied for a run that there is not, and for what is no id of one', async () => {
    const refs = [
      runResourceRef(uuid()),
      runResourceRef("' or true --"),
      runResourceRef(''),
      ofAlice,
    ];
    const owners = { ownerRefs: ['group:default/own'] };
    await expect(
      ask(refs, { rule: 'IS_OWNER', params: owners }),
    ).resolves.toEqual(['DENY', 'DENY', 'DENY', 'DENY']);
  });
});
