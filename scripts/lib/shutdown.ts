const REPEAT_MS = 1000;
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Ends a program in order, whatever asks it to end. */
export interface Shutdown {
  /** Adds something to undo; the last added is undone first. */
  add(undo: (hurry: AbortSignal) => Promise<void> | void): void;
  /** Undoes everything once and exits with the code. */
  exit(code: number): Promise<never>;
  /** Whether it has begun, so that what ends now was meant to. */
  isExiting(): boolean;
}

/**
 * Undoes what the program has started when a signal comes, when the launcher
 * that started it is gone, or when the program asks for it.
 *
 * @remarks
 * One Ctrl-C arrives several times (from the terminal, from npm, from the
 * launcher), so signals within a second are one. A later one means hurry.
 */
export function createShutdown(say: (line: string) => void): Shutdown {
  const undos: Array<(hurry: AbortSignal) => Promise<void> | void> = [];
  const hurry = new AbortController();
  let ending: Promise<never> | undefined;
  let askedAt = 0;

  const exit = (code: number): Promise<never> => {
    ending ??= undoAll(undos, hurry.signal).then(() => process.exit(code));
    return ending;
  };
  const ask = (code: number) => {
    const again = askedAt > 0 && Date.now() - askedAt > REPEAT_MS;
    if (again && !hurry.signal.aborted) {
      say('  Hurrying: killing what has not stopped yet.');
      hurry.abort();
    }
    if (!askedAt) {
      say('\n  Stopping; runs get a moment to end. Ctrl-C again kills them.');
    }
    askedAt = askedAt || Date.now();
    exit(code);
  };
  for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.on(signal, () => ask(code));
  }
  process.on('disconnect', () => ask(SIGNAL_EXIT_CODES.SIGTERM));
  return {
    add: undo => void undos.push(undo),
    exit,
    isExiting: () => ending !== undefined,
  };
}

async function undoAll(
  undos: Array<(hurry: AbortSignal) => Promise<void> | void>,
  hurry: AbortSignal,
): Promise<void> {
  for (let undo = undos.pop(); undo; undo = undos.pop()) {
    try {
      await undo(hurry);
    } catch (error) {
      console.error(error); // The others still have to be undone.
    }
  }
}
