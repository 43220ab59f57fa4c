import { basename } from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { MAX_LOG_LINE_BYTES } from '@millrace/backstage-plugin-pipelines-common';
import type {
  AttemptContext,
  AttemptEnd,
  EngineAttempt,
  RunnerMessage,
} from '@millrace/backstage-plugin-pipelines-node';
import type { AttemptFolder } from '../AttemptFolder';
import {
  createMessageRedactor,
  createTextRedactor,
} from '../process/redactMessage';
import { resolveArtifact } from '../resolveArtifact';
import type { SystemHandler, SystemRun } from './SystemRun';

/** Without a renewed lease for this long the function is told to stop. */
const LEASE_PATIENCE_MS = 10_000;
const LINE_FEED = 10;

/** One running function of the system engine. */
export class SystemAttempt implements EngineAttempt {
  static start(options: {
    context: AttemptContext;
    handler: SystemHandler;
    folder: AttemptFolder;
    logger: LoggerService;
  }): SystemAttempt {
    return new SystemAttempt(
      options.context,
      options.handler,
      options.folder,
      options.logger,
    );
  }

  readonly handle = {};
  readonly end: Promise<AttemptEnd>;
  readonly #abort = new AbortController();
  readonly #redactText: (text: string) => string;
  readonly #redactMessage: (message: RunnerMessage) => RunnerMessage;
  #patience?: NodeJS.Timeout;
  #position = 0;
  #leaseLost = false;
  #over = false;

  private constructor(
    private readonly context: AttemptContext,
    handler: SystemHandler,
    private readonly folder: AttemptFolder,
    private readonly logger: LoggerService,
  ) {
    const secrets = context.secretValues ?? [];
    this.#redactText = createTextRedactor(secrets);
    this.#redactMessage = createMessageRedactor(secrets);
    this.leaseRenewed(context.leasedAt);
    this.end = this.#execute(handler);
  }

  leaseRenewed(askedAt = performance.now()): void {
    clearTimeout(this.#patience);
    if (this.#over) {
      return;
    }
    const left = LEASE_PATIENCE_MS - (performance.now() - askedAt);
    this.#patience = setTimeout(() => this.#loseLease(), Math.max(0, left));
    this.#patience.unref();
  }

  cancel(): void {
    this.#abort.abort(new Error('The run was cancelled'));
  }

  #loseLease(): void {
    this.#leaseLost = true;
    this.#abort.abort(new Error('The lease of the run was lost'));
  }

  async #execute(handler: SystemHandler): Promise<AttemptEnd> {
    const stopped = () =>
      this.#abort.signal.aborted ? { stopped: true } : undefined;
    try {
      await handler(this.#run());
      return this.#leaseLost
        ? this.#lost()
        : { kind: 'exited', exitCode: 0, ...stopped() };
    } catch (error) {
      if (this.#leaseLost) {
        return this.#lost();
      }
      const message = this.#redactText(
        error instanceof Error ? error.message : String(error),
      );
      this.logger.debug(`Run '${this.context.runId}' failed: ${message}`);
      return { kind: 'failed', message, ...stopped() };
    } finally {
      this.#over = true;
      clearTimeout(this.#patience);
    }
  }

  #lost(): AttemptEnd {
    return { kind: 'lost', message: 'The lease of the run was lost' };
  }

  #run(): SystemRun {
    const { runId, attempt, idempotencyKey, definition, parameters, resume } =
      this.context;
    return {
      runId,
      attempt,
      idempotencyKey,
      pipelineId: definition.pipelineId,
      parameters,
      resume,
      signal: this.#abort.signal,
      artifactsFolder: this.folder.artifacts,
      log: (text, stream = 'stdout') => this.#log(text, stream),
      report: message => this.#deliver(message),
      artifact: async file =>
        this.#deliver({
          type: 'artifact',
          path: await resolveArtifact(this.folder.artifacts, file.path),
          name: file.name ?? basename(file.path),
          mediaType: file.mediaType,
        }),
    };
  }

  async #log(text: string, stream: 'stdout' | 'stderr'): Promise<void> {
    const redacted = this.#redactText(text);
    const bytes = Buffer.from(
      redacted.endsWith('\n') ? redacted : `${redacted}\n`,
    );
    const lines = [];
    for (let start = 0; start < bytes.length; ) {
      const end = Math.min(
        bytes.indexOf(LINE_FEED, start) + 1,
        start + MAX_LOG_LINE_BYTES,
      );
      lines.push({ stream, bytes: bytes.subarray(start, end) });
      start = end;
    }
    this.#position += bytes.length;
    const batch = { lines, position: this.#position };
    await this.#guard(() => this.context.sink.log(batch));
  }

  #deliver(message: RunnerMessage): Promise<void> {
    return this.#guard(() =>
      this.context.sink.message(this.#redactMessage(message)),
    );
  }

  async #guard(deliver: () => Promise<void>): Promise<void> {
    if (this.#leaseLost || this.#over) {
      throw new Error('The attempt is over, so nothing of it is stored');
    }
    try {
      await deliver();
    } catch (error) {
      this.#loseLease();
      throw error;
    }
  }
}
