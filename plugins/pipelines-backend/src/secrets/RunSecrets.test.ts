import type { JsonObject } from '@backstage/types';
import { RunsService } from '../runs';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { RunSecrets } from './RunSecrets';
import { SealedParameters } from './SealedParameters';

const SCHEMA: JsonObject = {
  type: 'object',
  properties: { token: { type: 'string', writeOnly: true } },
};

describe('RunSecrets', () => {
  const sealedParameters = new SealedParameters({
    keys: ['the key of this test, long enough'],
  });
  let database: TestDatabase;
  let secrets: RunSecrets;
  let runId: string;

  beforeAll(async () => {
    database = await TestDatabase.create();
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, [{ id: 'publish' }]);
    secrets = new RunSecrets({ knex, sealedParameters });
    const run = await new RunsService({ knex, definitions }).submitRun({
      request: { pipelineId: 'publish', parameters: {} },
      actor: 'user:default/alice',
      trigger: 'manual',
    });
    runId = run.id;
  });
  afterAll(() => database.drop());

  const reveal = (parameters: JsonObject) =>
    secrets.reveal({ runId, parameters }, SCHEMA);

  it('gives back the parameters of a run with their secrets, and tells which these are', async () => {
    const { masked, sealed } = sealedParameters.seal(
      { id: 'publish', parameters: SCHEMA },
      { token: 'tok-canary', n: 1 },
    );
    await expect(reveal(masked)).rejects.toThrow(
      `The secret parameter 'token' of run '${runId}' is not kept any more`,
    );
    await database.knex('run_secrets').insert({ run_id: runId, sealed });

    expect(await reveal(masked)).toEqual({
      parameters: { token: 'tok-canary', n: 1 },
      secretValues: ['tok-canary'],
    });
  });

  it('leaves parameters alone that have no secret, whatever they contain', async () => {
    expect(await reveal({ n: 1 })).toEqual({
      parameters: { n: 1 },
      secretValues: [],
    });
    expect((await reveal({ note: '••••' })).parameters).toEqual({
      note: '••••',
    });
  });
});
