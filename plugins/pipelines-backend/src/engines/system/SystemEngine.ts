import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type {
  AttemptContext,
  AttemptEnd,
  Engine,
  EngineAttempt,
  EngineDefinition,
} from '@millrace/backstage-plugin-pipelines-node';
import { AttemptFolder } from '../AttemptFolder';
import { SystemAttempt } from './SystemAttempt';
import type { SystemHandler } from './SystemRun';

/**
 * Executes runs of built-in pipelines: functions of this backend that rooms register by name.
 *
 * @remarks
 * A definition names its function with the option `handler`.
 */
export class SystemEngine implements Engine {
  static create(options: {
    /** Folder in which attempts keep their files; see {@link AttemptFolder}. */
    workRoot: string;
    logger: LoggerService;
  }): SystemEngine {
    return new SystemEngine(options.workRoot, options.logger);
  }

  readonly id = 'system';
  readonly capabilities = {
    cancel: true,
    pause: false,
    logs: true,
    artifacts: true,
  };
  readonly #handlers = new Map<string, SystemHandler>();

  private constructor(
    private readonly workRoot: string,
    private readonly logger: LoggerService,
  ) {}

  /**
   * Adds a function that definitions can name.
   *
   * @throws ConflictError when the name is taken
   */
  register(name: string, handler: SystemHandler): void {
    if (this.#handlers.has(name)) {
      throw new ConflictError(`There is a system handler '${name}' already`);
    }
    this.#handlers.set(name, handler);
  }

  checkDefinition(definition: EngineDefinition): string[] {
    const { handler, ...others } = definition.options;
    const problems = Object.keys(others).map(
      name => `the system engine has no option '${name}'`,
    );
    if (typeof handler !== 'string') {
      problems.push(`the system engine needs the option 'handler'`);
    } else if (!this.#handlers.has(handler)) {
      const known = [...this.#handlers.keys()].join(', ') || 'none';
      problems.push(`there is no system handler '${handler}'; known: ${known}`);
    }
    if (definition.command) {
      problems.push(
        `'command' is of no use to the system engine; remove it or use the process engine`,
      );
    }
    return problems;
  }

  async start(context: AttemptContext): Promise<EngineAttempt> {
    const [problem] = this.checkDefinition(context.definition);
    const handler = this.#handlers.get(`${context.definition.options.handler}`);
    if (problem || !handler) {
      throw new ConflictError(
        `Run '${context.runId}' could not be started: ${problem}`,
      );
    }
    const folder = await AttemptFolder.create(this.workRoot, context);
    return SystemAttempt.start({
      context,
      handler,
      folder,
      logger: this.logger,
    });
  }

  /** A function of a process that is gone is gone too; how far it came is not known. */
  async recover(): Promise<AttemptEnd> {
    return {
      kind: 'lost',
      message: 'The backend that executed this attempt ended before it did',
    };
  }
}
