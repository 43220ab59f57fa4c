import {
  OUTSIDE_ENGINE,
  type EngineCapabilities,
} from '@millrace/backstage-plugin-pipelines-common';
import type {
  Engine,
  EngineAttempt,
  EngineDefinition,
} from '@millrace/backstage-plugin-pipelines-node';

/**
 * The engine of pipelines that are executed only elsewhere: it executes nothing, and nobody can
 * submit runs of them. Reporters say what became of each.
 */
export class OutsideEngine implements Engine {
  readonly id = OUTSIDE_ENGINE;
  readonly capabilities: EngineCapabilities = {
    cancel: false,
    pause: false,
    logs: false,
    artifacts: false,
  };

  checkDefinition({ command, options }: EngineDefinition): string[] {
    return [
      ...(command
        ? [`command: the engine '${OUTSIDE_ENGINE}' starts nothing`]
        : []),
      ...Object.keys(options).map(
        name => `the engine '${OUTSIDE_ENGINE}' has no option '${name}'`,
      ),
    ];
  }

  async start(): Promise<EngineAttempt> {
    throw new Error(
      `The engine '${OUTSIDE_ENGINE}' executes nothing; configure what the pipeline is to be executed by`,
    );
  }
}
