import { setTimeout as sleep } from 'node:timers/promises';
import { ContractSink } from './ContractSink';
import type {
  AttemptContext,
  AttemptEnd,
  Engine,
  EngineAttempt,
  EngineDefinition,
} from './Engine';

/**
 * What the contract of engines needs of an engine: the engine, and definitions of small pipelines
 * for it.
 *
 * @public
 */
export interface EngineContractSubject {
  engine: Engine;
  definitions: {
    /** Logs the line `hello` on stdout, then succeeds. */
    succeeds: EngineDefinition;
    /** Fails by itself. */
    fails: EngineDefinition;
    /** Logs the line `up`, then runs until it is cancelled. */
    runsUntilCancelled: EngineDefinition;
    /** Logs the lines `0` to `9999`, then succeeds. */
    counts: EngineDefinition;
    /** Says the message `{type: 'step', name: 'one', status: 'running'}`, then succeeds. */
    speaks: EngineDefinition;
    /** Is good for {@link Engine.checkDefinition} but cannot be started; if there is such. */
    cannotStart?: EngineDefinition;
    /**
     * Logs a line at least every 50 ms until it is cancelled; needed of an engine that declares
     * `pause`.
     */
    ticks?: EngineDefinition;
    /**
     * Offers the artifact `made.txt`, which contains `made`, then succeeds; needed of an engine
     * that declares `artifacts`.
     */
    makes?: EngineDefinition;
    /** Logs the parameter `secret`, then succeeds; if the engine passes parameters on. */
    tells?: EngineDefinition;
    /**
     * Logs the step that it begins at, a space and the content of the artifact `made.txt` of the
     * run before, then succeeds; if the engine can begin at a step.
     */
    resumes?: EngineDefinition;
  };
  /** Called after each test. */
  close(): Promise<void>;
}

/** Names of the definitions of a subject. @public */
export type TrialName = keyof EngineContractSubject['definitions'];

const DEFAULT_PATIENCE_MS = 10_000;
const LOOK_INTERVAL_MS = 20;

let started = 0;

/**
 * One try of a check: starts attempts of the subject and waits for what they do, never for ever.
 *
 * @public
 */
export class EngineTrial {
  /** How long something that should happen is waited for; default 10 s. */
  readonly patienceMs: number;

  constructor(
    readonly subject: EngineContractSubject,
    options: { patienceMs?: number } = {},
  ) {
    this.patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
  }

  get engine(): Engine {
    return this.subject.engine;
  }

  /** @throws Error when the subject lacks a definition that its engine's capabilities ask for */
  definition(name: TrialName): EngineDefinition {
    const definition = this.subject.definitions[name];
    if (!definition) {
      throw new Error(
        `The engine '${this.engine.id}' declares what only the definition '${name}' can prove; add it to the subject`,
      );
    }
    return definition;
  }

  context(name: TrialName, more: Partial<AttemptContext> = {}) {
    started += 1;
    const runId = `contract-${process.pid}-${started}`;
    const sink = new ContractSink();
    return {
      runId,
      attempt: 1,
      idempotencyKey: runId,
      definition: this.definition(name),
      parameters: {},
      ...more,
      sink,
    };
  }

  async start(name: TrialName, more: Partial<AttemptContext> = {}) {
    return this.startWith(this.context(name, more));
  }

  async startWith<TContext extends AttemptContext>(context: TContext) {
    const attempt = await this.engine.start(context);
    return { attempt, sink: context.sink as TContext['sink'] };
  }

  /** @throws Error when it does not end in time */
  async endOf(
    attempt: EngineAttempt,
    patienceMs = this.patienceMs,
  ): Promise<AttemptEnd> {
    let end: AttemptEnd | undefined;
    void attempt.end.then(found => {
      end = found;
    });
    await this.until(`The attempt ends`, () => end !== undefined, patienceMs);
    return end!;
  }

  /** @throws Error with the description when the condition does not hold in time */
  async until(
    description: string,
    condition: () => boolean,
    patienceMs = this.patienceMs,
  ): Promise<void> {
    const until = performance.now() + patienceMs;
    while (!condition()) {
      if (performance.now() > until) {
        throw new Error(`Not within ${patienceMs} ms: ${description}`);
      }
      await sleep(LOOK_INTERVAL_MS);
    }
  }
}
