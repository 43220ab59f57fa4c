import { mockCredentials } from '@backstage/backend-test-utils';
import { LogSearchQuerySchema } from '@millrace/backstage-plugin-pipelines-common';
import { TestDatabase } from '../../__testUtils__';
import { rawLine, TEST_PIPELINE, TestRun } from '../../__testUtils__/TestRun';
import { LogsService } from '../LogsService';
import { TemplatesService } from '../templates';
import { AuthorizedLogSearch } from './AuthorizedLogSearch';
import { LogSearcher } from './LogSearcher';

jest.setTimeout(60_000);

describe('AuthorizedLogSearch', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await TestDatabase.create();
  });

  afterAll(() => database.drop());

  it('searches the attempt whose step it has read, even if another one begins meanwhile', async () => {
    const { knex } = database;
    const logs = LogsService.create({
      knex,
      live: { grown: () => {}, subscribe: () => () => {}, connected: true },
      config: { maxBytes: 1024 ** 3, maxStreams: 1 },
      lifecycle: { addShutdownHook: () => {} },
    });
    const run = await TestRun.create(knex);
    await logs.append(run.lease, {
      lines: [rawLine('ERROR first\n')],
      position: 1,
    });
    const search = new AuthorizedLogSearch({
      searcher: new LogSearcher({ knex }),
      templates: new TemplatesService({ knex }),
      runs: {
        getRun: () => Promise.reject(new Error('Nobody asks for it')),
        identifyRun: async () => ({
          id: run.id,
          pipelineId: TEST_PIPELINE,
          attempt: 1,
        }),
        listSteps: async () => {
          await run.retry();
          return [
            {
              attempt: 1,
              position: 0,
              name: 'load',
              state: 'failed',
              startedAt: '2026-11-21T10:00:00.000Z',
              firstLine: 0,
              endLine: 1,
            },
          ];
        },
      },
    });

    const answer = await search.search(
      run.id,
      LogSearchQuerySchema.parse({ q: 'error', step: 'load' }),
      {
        credentials: mockCredentials.user(),
        signal: new AbortController().signal,
      },
    );

    expect(answer).toMatchObject({ attempt: 1, lines: [0] });
  });
});
