/** Runs of these pipelines at once; their programs look whether that holds. */
export const LIMIT = 3;

const COMMON = { stopGrace: { seconds: 1 }, retry: { maxAttempts: 3 } };
const sh = (script: string) => ['sh', '-c', script];

/** Short pipelines of every kind that a queue has to deal with. */
export const SOAK_PIPELINES = {
  'soak-quick': { ...COMMON, command: sh('echo quick') },
  'soak-slow': {
    ...COMMON,
    command: sh('for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 1; done'),
  },
  'soak-once': {
    stopGrace: { seconds: 1 },
    command: sh('echo started; sleep 5; echo done'),
  },
  'soak-stubborn': {
    ...COMMON,
    command: sh("trap '' TERM; for i in 1 2 3 4 5; do sleep 1; done"),
  },
  'soak-failing': {
    ...COMMON,
    retry: { maxAttempts: 2, delay: { milliseconds: 500 } },
    command: sh('echo bad >&2; exit 3'),
  },
  'soak-late': {
    ...COMMON,
    timeout: { seconds: 2 },
    command: sh('sleep 30'),
  },
  'soak-limited': {
    ...COMMON,
    concurrency: LIMIT,
    command: sh('sleep 2'),
  },
};

/** The id of one of them. */
export type SoakPipeline = keyof typeof SOAK_PIPELINES;
