import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of this package. */
export const PACKAGE_FOLDER = dirname(
  require.resolve('@internal/ingest-meetings/package.json'),
);

/** A line of the runner protocol. */
export type ProtocolLine = { type: string } & Record<string, unknown>;

/** What the program did. */
export type IngestResult = {
  exitCode: number | null;
  output: string;
  protocol: ProtocolLine[];
  /** The JSON of the `summary` output. */
  summary: Record<string, unknown> | undefined;
};

/** How to start the program. */
export type IngestOptions = {
  databaseUrl: string;
  url: string;
  sourceName?: string;
  env?: Record<string, string>;
  /** Called as soon as the process is there. */
  onStart?: (child: ChildProcess) => void;
  /** Called for each piece of output. */
  onOutput?: (output: string, child: ChildProcess) => void;
};

/** A folder for the files of a test, and the only one that runs may read. */
export class Workspace {
  readonly folder: string;

  /** Creates the folder. */
  static async create(): Promise<Workspace> {
    return new Workspace(
      await mkdtemp(join(tmpdir(), 'ingest-meetings-test-')),
    );
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** The path of a file in it. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file, JSON unless it is text or bytes, and returns its URL. */
  async write(name: string, content: unknown): Promise<string> {
    const isPlain = typeof content === 'string' || Buffer.isBuffer(content);
    await writeFile(
      this.path(name),
      isPlain ? content : JSON.stringify(content, undefined, 2),
    );
    return pathToFileURL(this.path(name)).href;
  }

  /** Runs the program as a runner would, to its end. */
  async ingest(options: IngestOptions): Promise<IngestResult> {
    const params = this.path('params.json');
    const { url, sourceName } = options;
    await writeFile(params, JSON.stringify({ url, sourceName }));
    return runProgram(options, {
      INGEST_ALLOWED_FOLDERS: this.folder,
      MILLRACE_PARAMS_FILE: params,
      MILLRACE_RUN_ID: '01890000-0000-7000-8000-000000000001',
      MILLRACE_ATTEMPT: '1',
      MILLRACE_ARTIFACTS_DIR: this.folder,
    });
  }

  /** Reads a JSON artifact. */
  async artifact(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  /** Removes the folder. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** Runs the program with a clean environment. */
export async function runProgram(
  options: Pick<IngestOptions, 'databaseUrl' | 'env' | 'onStart' | 'onOutput'>,
  env: Record<string, string>,
  args: string[] = [],
): Promise<IngestResult> {
  const child = spawn(
    process.execPath,
    [join(PACKAGE_FOLDER, 'main.ts'), ...args],
    {
      env: {
        PATH: process.env.PATH,
        ARCHIVE_WRITE_URL: options.databaseUrl,
        ...env,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  options.onStart?.(child);
  let output = '';
  const collect = (chunk: string) => {
    output += chunk;
    options.onOutput?.(output, child);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const exitCode = await new Promise<number | null>((done, fail) => {
    child.on('error', fail).on('close', done);
  });
  return { exitCode, output, ...readProtocol(output) };
}

function readProtocol(
  output: string,
): Pick<IngestResult, 'protocol' | 'summary'> {
  const prefix = '::millrace::';
  const protocol = output
    .split('\n')
    .filter(line => line.startsWith(prefix))
    .map(line => JSON.parse(line.slice(prefix.length)));
  return {
    protocol,
    summary: protocol.find(
      line => line.type === 'output' && line.name === 'summary',
    )?.json as IngestResult['summary'],
  };
}
