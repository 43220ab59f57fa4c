import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AttemptContext,
  AttemptEnd,
  Engine,
  EngineAttempt,
  EngineDefinition,
} from './Engine';
import { ENGINE_CHECKS } from './engineChecks';
import { describeEngineContract } from './engineContract';
import { EngineTrial, type EngineContractSubject } from './EngineTrial';

const TICK_MS = 20;
const POLITE_AFTER_MS = 10_000;

/** An attempt that is a loop in this process. */
class LoopAttempt implements EngineAttempt {
  readonly handle = {};
  readonly end: Promise<AttemptEnd>;
  #renewedAt: number;
  #isPaused = false;
  #isStopped = false;
  #position = 0;

  constructor(private readonly context: AttemptContext) {
    this.#renewedAt = context.leasedAt ?? performance.now();
    this.end = this.#execute();
  }

  leaseRenewed(askedAt = performance.now()): void {
    this.#renewedAt = askedAt;
  }

  cancel(): void {
    this.#isStopped = true;
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#isPaused = paused;
  }

  get #isLost(): boolean {
    return performance.now() - this.#renewedAt > POLITE_AFTER_MS;
  }

  async #execute(): Promise<AttemptEnd> {
    try {
      await this.#do(`${this.context.definition.options.do}`);
    } catch {
      return { kind: 'lost', message: 'The lease is lost' };
    }
    if (this.#isLost) {
      return { kind: 'lost', message: 'The lease is lost' };
    }
    const exitCode = this.context.definition.options.do === 'fails' ? 1 : 0;
    const stopped = this.#isStopped ? { stopped: true } : undefined;
    return { kind: 'exited', exitCode, ...stopped };
  }

  async #do(what: string): Promise<void> {
    const { parameters, resume, secretValues, sink } = this.context;
    switch (what) {
      case 'succeeds':
        return this.#log('hello');
      case 'counts':
        return this.#log(
          Array.from({ length: 10_000 }, (_, n) => n).join('\n'),
        );
      case 'speaks':
        return sink.message(
          { type: 'step', name: 'one', status: 'running' },
          1,
        );
      case 'makes':
        return this.#makeFile();
      case 'tells':
        return this.#log(
          `${parameters.secret}`.replace(secretValues?.[0] ?? '', '***'),
        );
      case 'resumes': {
        const made = path.join(resume!.artifactsFolder, 'made.txt');
        return this.#log(`${resume!.step} ${await readFile(made, 'utf8')}`);
      }
      case 'runsUntilCancelled':
      case 'ticks':
        return this.#loop();
      default:
        return undefined;
    }
  }

  async #loop(): Promise<void> {
    await this.#log('up');
    while (!this.#isStopped && !this.#isLost) {
      await sleep(TICK_MS);
      if (!this.#isPaused) {
        await this.#log('tick');
      }
    }
  }

  async #makeFile(): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'contract-'));
    const file = path.join(folder, 'made.txt');
    await writeFile(file, 'made');
    await this.context.sink.message(
      { type: 'artifact', path: file, name: 'made.txt' },
      1,
    );
    await rm(folder, { recursive: true });
  }

  async #log(text: string): Promise<void> {
    const lines = text.split('\n').map(line => ({
      stream: 'stdout' as const,
      bytes: Buffer.from(`${line}\n`),
    }));
    this.#position += lines.length;
    await this.context.sink.log({ lines, position: this.#position });
  }
}

const NAMES = [
  'succeeds',
  'fails',
  'runsUntilCancelled',
  'counts',
  'speaks',
  'ticks',
  'makes',
  'tells',
  'resumes',
] as const;

/** An engine that keeps every promise, except as a test says. */
function open(
  options: {
    capabilities?: Partial<Engine['capabilities']>;
    lie?: (attempt: LoopAttempt, context: AttemptContext) => EngineAttempt;
    context?: (context: AttemptContext) => AttemptContext;
  } = {},
): EngineContractSubject {
  const { context: change = context => context, lie } = options;
  const engine: Engine = {
    id: 'loop',
    capabilities: {
      cancel: true,
      pause: true,
      logs: true,
      artifacts: true,
      ...options.capabilities,
    },
    checkDefinition: definition =>
      Object.keys(definition.options)
        .filter(name => name !== 'do')
        .map(name => `there is no option '${name}'`),
    async start(context) {
      const attempt = new LoopAttempt(change(context));
      return lie?.(attempt, context) ?? attempt;
    },
  };
  const definitions = Object.fromEntries(
    NAMES.map((name): [string, EngineDefinition] => [
      name,
      { pipelineId: 'contract', stopGraceMs: 0, options: { do: name } },
    ]),
  ) as EngineContractSubject['definitions'];
  return { engine, definitions, close: async () => {} };
}

/** The attempt with some of its members replaced. */
function like(
  attempt: LoopAttempt,
  members: Partial<EngineAttempt>,
): EngineAttempt {
  return {
    handle: attempt.handle,
    end: attempt.end,
    leaseRenewed: askedAt => attempt.leaseRenewed(askedAt),
    cancel: () => attempt.cancel(),
    setPaused: paused => attempt.setPaused(paused),
    ...members,
  };
}

/** The titles of the promises that an engine breaks, of those that match. */
async function broken(
  subject: EngineContractSubject,
  titles: RegExp,
): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, check } of ENGINE_CHECKS) {
    if (titles.test(title)) {
      await check(new EngineTrial(subject, { patienceMs: 1_500 })).catch(() =>
        failed.push(title),
      );
    }
  }
  return failed;
}

describeEngineContract('an engine that keeps its promises', async () => open());

describeEngineContract('an engine that can do little and says so', async () => {
  const { engine, definitions, close } = open({
    capabilities: { pause: false, logs: false, artifacts: false },
    context: context => ({
      ...context,
      sink: {
        log: async () => {},
        message: message => context.sink.message(message),
      },
    }),
    lie: attempt => like(attempt, { setPaused: undefined }),
  });
  const { ticks, makes, tells, resumes, ...others } = definitions;
  return { engine, definitions: others, close };
});

describe('the contract of engines', () => {
  const running: LoopAttempt[] = [];
  const remember =
    (members: (attempt: LoopAttempt) => Partial<EngineAttempt>) =>
    (attempt: LoopAttempt) => {
      running.push(attempt);
      return like(attempt, members(attempt));
    };

  afterEach(() => {
    running.splice(0).forEach(attempt => attempt.cancel());
  });

  it.each<[string, Parameters<typeof open>[0], RegExp, string[]]>([
    [
      'has no way to be paused',
      { lie: remember(() => ({ setPaused: undefined })) },
      /says so|already/,
      [
        'can be paused only where it says so',
        'takes a pause for granted that it is in already',
      ],
    ],
    [
      'goes on while it is paused',
      { lie: remember(() => ({ setPaused: async () => {} })) },
      /stands still/,
      ['stands still while it is paused, and goes on afterwards'],
    ],
    [
      'stands still for ever',
      {
        lie: remember(attempt => ({
          setPaused: () => attempt.setPaused(true),
        })),
      },
      /stands still/,
      ['stands still while it is paused, and goes on afterwards'],
    ],
    [
      'cannot be cancelled',
      { lie: remember(() => ({ cancel: () => {} })) },
      /however often/,
      [
        'ends when it is cancelled, however often, and says that it was stopped',
      ],
    ],
    [
      'has no artifacts',
      {
        context: context => ({
          ...context,
          sink: {
            ...context.sink,
            log: async () => {},
            message: async () => {},
          },
        }),
      },
      /artifacts that a run makes/,
      ['offers the artifacts that a run makes, where it declares artifacts'],
    ],
    [
      'has no log',
      {
        context: context => ({
          ...context,
          sink: { log: async () => {}, message: async () => {} },
        }),
      },
      /the log where|each line/,
      [
        'delivers the success, and the log where it declares one',
        'delivers each line once and in order, with positions that grow, where it declares a log',
      ],
    ],
    [
      'tells secrets',
      { context: context => ({ ...context, secretValues: ['other'] }) },
      /secret/,
      ['hides the secret parameters in whatever it delivers'],
    ],
    [
      'outlives its lease',
      {
        lie: remember(() => ({})),
        context: ({ leasedAt: _, ...context }) => context,
      },
      /not renewed$/,
      ['ends by its own clock, as lost, when its lease is not renewed'],
    ],
    [
      'takes a failure for a success',
      {
        lie: attempt =>
          like(attempt, {
            end: attempt.end.then(() => ({ kind: 'exited', exitCode: 0 })),
          }),
      },
      /failure/,
      ['never takes a failure for a success'],
    ],
  ])(
    'is not kept by one that declares everything and %s',
    async (_, options, titles, expected) => {
      expect(await broken(open(options), titles)).toEqual(expected);
    },
    60_000,
  );

  it('asks for the definition that would prove what is declared', async () => {
    const subject = open();
    delete subject.definitions.ticks;
    delete subject.definitions.makes;
    expect(await broken(subject, /artifacts that|granted/)).toHaveLength(2);
  });
});
