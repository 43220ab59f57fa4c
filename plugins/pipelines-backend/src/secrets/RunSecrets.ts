import { NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { SealedParameters } from './SealedParameters';
import { MASK, secretPaths, valueAt } from './secretPaths';

/** Parameters as a run was submitted with them. */
export interface RevealedParameters {
  parameters: JsonObject;
  /** The values in them that must be redacted everywhere. */
  secretValues: string[];
}

/** Gives the worker that has claimed a run its real parameters. */
export class RunSecrets {
  readonly #knex: Knex;
  readonly #sealedParameters: SealedParameters;

  constructor(options: { knex: Knex; sealedParameters: SealedParameters }) {
    this.#knex = options.knex;
    this.#sealedParameters = options.sealedParameters;
  }

  /**
   * Puts the secrets of a run back into its masked parameters.
   *
   * @param schema - JSON Schema of the parameters of its pipeline
   * @throws an error with a sentence when they are gone or cannot be decrypted
   */
  async reveal(
    run: { runId: string; parameters: JsonObject },
    schema: JsonObject,
  ): Promise<RevealedParameters> {
    const { runId, parameters } = run;
    if (!JSON.stringify(parameters).includes(MASK)) {
      return { parameters, secretValues: [] };
    }
    const row = await this.#knex<{ run_id: string; sealed: Buffer }>(
      'run_secrets',
    )
      .where({ run_id: runId })
      .first('sealed');
    const values = row ? this.#sealedParameters.open(row.sealed) : [];
    const revealed = this.#sealedParameters.merge(parameters, values);
    const missing = secretPaths(schema).find(
      path => valueAt(revealed, path) === MASK,
    );
    if (missing) {
      throw new NotFoundError(
        `The secret parameter '${missing.join(
          '.',
        )}' of run '${runId}' is not kept any more; submit the run anew`,
      );
    }
    return {
      parameters: revealed,
      secretValues: values.map(({ value }) => value),
    };
  }
}
