import type {
  AttemptContext,
  AttemptSink,
} from '@millrace/backstage-plugin-pipelines-node';
import type { PipelineDefinition } from '../definitions';
import type { ClaimedRun } from '../queue';
import { patiently, type HeldLease } from './patiently';
import type { AttemptArtifacts, AttemptSecrets } from './types';

/** What an {@link AttemptPreparation} works with. */
export interface AttemptPreparationOptions {
  claimed: ClaimedRun;
  definition: PipelineDefinition;
  artifacts: Pick<AttemptArtifacts, 'materialize'>;
  secrets: AttemptSecrets;
  /** Where an attempt that begins at a step finds the artifacts of what came before; absolute. */
  resumeFolderOf: (attempt: { runId: string; attempt: number }) => string;
}

/** Takes nothing: who does not know the secrets of an attempt cannot hide them. */
const DEAF_SINK: AttemptSink = {
  log: async () => {},
  message: async () => {},
};

/** Brings together what an engine is told of an attempt. */
export class AttemptPreparation {
  readonly #options: AttemptPreparationOptions;
  readonly #held: HeldLease;
  readonly #sink: AttemptSink;

  constructor(
    options: AttemptPreparationOptions,
    held: HeldLease,
    sink: AttemptSink,
  ) {
    this.#options = options;
    this.#held = held;
    this.#sink = sink;
  }

  /**
   * For an attempt that is to be started: the real parameters, and on disk what it begins with.
   *
   * @param signal - aborted when it is not to be started any more
   * @throws an error with a sentence when something is missing; LeaseLostError
   */
  async forStart(signal: AbortSignal): Promise<AttemptContext> {
    const { artifacts, claimed, resumeFolderOf } = this.#options;
    const revealed = await this.#reveal();
    const { resume } = claimed;
    if (!resume) {
      return this.#contextWith(revealed);
    }
    const artifactsFolder = resumeFolderOf(this.#held.lease);
    await patiently(this.#held, () =>
      artifacts.materialize(resume.runId, artifactsFolder, { signal }),
    );
    return {
      ...this.#contextWith(revealed),
      resume: { ...resume, artifactsFolder },
    };
  }

  /**
   * For an attempt that was left behind. Whatever is missing, it can be looked after.
   *
   * @param onBlind - told why nothing that it has said can be taken
   * @throws LeaseLostError
   */
  async forRecovery(
    onBlind: (error: unknown) => Promise<void>,
  ): Promise<AttemptContext> {
    try {
      return this.#contextWith(await this.#reveal());
    } catch (error) {
      await onBlind(error);
      const { parameters } = this.#options.claimed;
      return { ...this.#contextWith({ parameters }), sink: DEAF_SINK };
    }
  }

  #reveal() {
    const { claimed, definition, secrets } = this.#options;
    const { runId } = this.#held.lease;
    return patiently(this.#held, () =>
      secrets.reveal(
        { runId, parameters: claimed.parameters },
        definition.parameters,
      ),
    );
  }

  #contextWith(
    revealed: Pick<AttemptContext, 'parameters' | 'secretValues'>,
  ): AttemptContext {
    const { runId, attempt } = this.#held.lease;
    return {
      ...revealed,
      runId,
      attempt,
      idempotencyKey: runId,
      definition: this.#options.definition.engineDefinition,
      sink: this.#sink,
    };
  }
}
