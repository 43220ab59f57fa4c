import { StoppedError } from './errors.ts';

const PARENT_CHECK_INTERVAL_MS = 500;
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const PARENT_GONE_EXIT_CODE = EXIT_CODES.SIGTERM;

/**
 * A signal that fires once, with a {@link StoppedError}, when this process is told to end or when
 * whoever started it is gone.
 *
 * @remarks
 * The parent is watched only in a run of Millrace: by hand, a shell may end before its program.
 * A reader of stdout that went away stops the work everywhere, since nobody would hear of it.
 */
export function stopSignal(env: NodeJS.ProcessEnv): AbortSignal {
  const controller = new AbortController();
  const stop = (message: string, exitCode: number) =>
    controller.abort(new StoppedError(message, exitCode));
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(name, () => stop(`Stopped by ${name}`, exitCode));
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () =>
      stop('Stopped, nobody reads the output', PARENT_GONE_EXIT_CODE),
    );
  }
  if (env.MILLRACE_RUN_ID) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) {
        stop('Stopped, the parent process is gone', PARENT_GONE_EXIT_CODE);
      }
    }, PARENT_CHECK_INTERVAL_MS).unref();
  }
  return controller.signal;
}
