import { loadBackend } from '../lib/loadBackend.ts';

/** An error that occurs again and again; `{n}` is another number each time. */
interface ErrorSpec {
  state: 'failed' | 'timed_out' | 'lost';
  kind: string;
  message: string;
  step?: string;
}

/** An error as runs have it, with the failure that it is. */
export interface SeededError extends ErrorSpec {
  fingerprint: string;
  template: string;
  /** The step in the words of the failure. */
  stepTemplate?: string;
}

type FingerprintOf = (error: {
  kind: string;
  message: string;
  step?: string;
}) => { fingerprint: string; template: string; step?: string };

/** The most frequent first: each occurs about half as often as the one before it. */
const FAILED: readonly [step: string | undefined, message: string][] = [
  ['download', 'GET https://feeds.example.org/{n}.json: 502 Bad Gateway'],
  [undefined, 'It ended with exit code 1'],
  ['load', 'connection to server at "archive-db", port 5432 failed: timeout'],
  ['validate', 'Record {n}: "startsAt" is not a date'],
  ['encode', 'ffmpeg: Conversion failed after {n} frames'],
  ['load', 'duplicate key value violates unique constraint "records_pkey"'],
  ['download', 'getaddrinfo ENOTFOUND feeds.example.org'],
  ['encode', 'No space left on device: /tmp/encode-{n}/segment.ts'],
  ['publish', 'PUT https://cdn.example.org/out/{n}.mp4: 403 Forbidden'],
  ['validate', 'Expected {n} records, found 0'],
];
const OTHERS: readonly ErrorSpec[] = [
  {
    state: 'timed_out',
    kind: 'timeout',
    message: 'It took longer than it may',
  },
  {
    state: 'lost',
    kind: 'lost',
    message: 'It was ended because its worker was gone',
  },
];
const TRIED_NUMBERS = [1, 37, 4_096, 99_999];

/**
 * The errors that generated runs end with, most frequent first.
 *
 * @throws Error when a number in a message makes another failure of it
 */
export function seededErrors(): SeededError[] {
  const { fingerprintOf } = loadBackend<{ fingerprintOf: FingerprintOf }>(
    'failures/fingerprint.ts',
  );
  const specs: ErrorSpec[] = [
    ...FAILED.map(([step, message]) => ({
      state: 'failed' as const,
      kind: 'exit',
      step,
      message,
    })),
    ...OTHERS,
  ];
  return specs.map(spec => {
    const [found, ...others] = TRIED_NUMBERS.map(n =>
      fingerprintOf({
        ...spec,
        message: spec.message.replaceAll('{n}', String(n)),
      }),
    );
    if (others.some(other => other.fingerprint !== found!.fingerprint)) {
      throw new Error(`'${spec.message}' is more than one failure`);
    }
    return {
      ...spec,
      fingerprint: found!.fingerprint,
      template: found!.template,
      stepTemplate: found!.step,
    };
  });
}
