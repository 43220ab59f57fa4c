const TICKER = ['node', 'tests/faults/programs/ticker.ts'];
const SPELL = ['sh', 'tests/faults/programs/spell.sh'];
const PLACE = ['sh', 'tests/faults/programs/place.sh'];
const TWICE = { retry: { maxAttempts: 2 } };
const THRICE = { retry: { maxAttempts: 3 } };

/** Milliseconds that commands of the fault pipelines have to end when they are asked to. */
export const GRACE_MS = 1_000;

/** Runs of `limited` at once, and the places that `programs/place.sh` knows. */
export const LIMIT = 3;

/** How long a run of `ends-late` may take. */
export const TIMEOUT_MS = 2_000;

const COMMON = {
  engine: 'process',
  env: ['FAULTS_FOLDER'],
  stopGrace: { milliseconds: GRACE_MS },
};

function parametersOf(name: string) {
  return {
    parameters: {
      type: 'object',
      required: [name],
      properties: { [name]: { type: 'integer', minimum: 1 } },
    },
  };
}

/** The pipelines of the fault suite, as `pipelines.definitions` takes them. */
export const FAULT_PIPELINES = {
  'ticker-once': { ...COMMON, command: TICKER },
  'ticker-twice': { ...COMMON, ...TWICE, command: TICKER },
  quick: { ...COMMON, ...TWICE, command: SPELL },
  limited: { ...COMMON, ...THRICE, concurrency: LIMIT, command: PLACE },
  'ends-late': {
    ...COMMON,
    timeout: { milliseconds: TIMEOUT_MS },
    command: ['sleep', '600'],
  },
  'ticker-tidy': { ...COMMON, command: [...TICKER, '--tidy'] },
  'ticker-stubborn': {
    ...COMMON,
    ...TWICE,
    command: [...TICKER, '--stubborn'],
  },
  'leave-daemons': {
    ...COMMON,
    command: ['node', 'tests/faults/programs/daemons.ts', '--exit'],
  },
  'keep-daemons': {
    ...COMMON,
    command: ['node', 'tests/faults/programs/daemons.ts'],
  },
  'hold-output': {
    ...COMMON,
    command: ['sh', '-c', 'sleep 600 & echo started'],
  },
  'kill-itself': {
    ...COMMON,
    command: ['sh', 'tests/faults/programs/killItself.sh'],
    parameters: {
      type: 'object',
      required: ['signal'],
      properties: {
        signal: { type: 'string', enum: ['SEGV', 'ABRT', 'KILL'] },
      },
    },
  },
  'missing-program': {
    ...COMMON,
    ...THRICE,
    command: ['/opt/no-such-program'],
  },
  'missing-folder': {
    ...COMMON,
    ...THRICE,
    command: ['true'],
    cwd: 'tests/faults/no-such-folder',
  },
  'not-executable': {
    ...COMMON,
    ...THRICE,
    command: ['tests/faults/programs/ticker.ts'],
  },
  'hostile-bytes': {
    ...COMMON,
    command: ['sh', '-c', 'exec cat "$FAULTS_FOLDER/hostile.bin"'],
  },
  'progress-bar': {
    ...COMMON,
    ...parametersOf('updates'),
    command: ['node', 'tests/faults/programs/progressBar.ts'],
  },
  clock: { ...COMMON, command: ['node', 'tests/faults/programs/clock.ts'] },
  'large-file': {
    ...COMMON,
    command: ['node', 'tests/faults/programs/largeFile.ts'],
  },
  'fills-tmp': {
    ...COMMON,
    command: [
      'sh',
      '-c',
      'ulimit -f 8 && trap "" XFSZ && head -c 1000000 /dev/zero > "$FAULTS_FOLDER/filled.tmp"',
    ],
  },
  flood: {
    ...COMMON,
    ...parametersOf('bytes'),
    command: ['node', 'tests/faults/programs/flood.ts'],
  },
} as const;

/** The id of a fault pipeline. */
export type FaultPipeline = keyof typeof FAULT_PIPELINES;
