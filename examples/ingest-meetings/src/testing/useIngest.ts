import {
  type IngestOptions,
  type IngestResult,
  Workspace,
} from './runIngest.ts';
import { TestArchive } from './TestArchive.ts';

/** An archive and a folder of their own for the tests of one file. */
export interface IngestScene {
  /** Emptied before each test. */
  readonly archive: TestArchive;
  /** New for each test. */
  readonly files: Workspace;
  /** Runs the program on the archive. */
  ingest(url: string, options?: Partial<IngestOptions>): Promise<IngestResult>;
  /** The newest row of `ingestion_runs`. */
  lastRun(): ReturnType<TestArchive['row']>;
}

/** Sets the scene for the tests of the file that calls it. */
export function useIngest(): IngestScene {
  let archive: TestArchive;
  let files: Workspace;

  jest.setTimeout(60_000);
  beforeAll(async () => {
    archive = await TestArchive.create();
  });
  beforeEach(async () => {
    await archive.empty();
    files = await Workspace.create();
  });
  afterEach(() => files.remove());
  afterAll(() => archive.drop());

  return {
    get archive() {
      return archive;
    },
    get files() {
      return files;
    },
    ingest: (url, options = {}) =>
      files.ingest({ databaseUrl: archive.url, url, ...options }),
    lastRun: () =>
      archive.row(
        'select * from ingestion_runs order by started_at desc limit 1',
      ),
  };
}
