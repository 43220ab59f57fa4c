import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { z } from 'zod';
import { SealingKeys } from './SealingKeys';
import { MASK, secretPaths, valueAt, withValues } from './secretPaths';

/** A shorter value would hide innocent text everywhere; see `shim/secretForms.js`. */
const MIN_SECRET_BYTES = 6;

const SecretValuesSchema = z.array(
  z.object({ path: z.array(z.string()).min(1), value: z.string() }),
);

/** The values of secret parameters, and where they belong. */
export type SecretValues = z.infer<typeof SecretValuesSchema>;

/** Parameters whose secrets have been taken out. */
export interface MaskedParameters {
  /** With `••••` in place of each secret. */
  masked: JsonObject;
  /** The secrets, encrypted; absent where there are none. */
  sealed?: Buffer;
  /** Equal for equal secrets, and of no use to guess them; absent where there are none. */
  fingerprint?: string;
}

/**
 * Takes secret parameters out of the others, encrypts them, and puts them back.
 *
 * @remarks
 * A parameter is secret where its property in the pipeline's schema has `writeOnly: true` or
 * `format: password`.
 */
export class SealedParameters {
  readonly #keys: SealingKeys | undefined;

  /** @param options - `keys` as in `pipelines.secrets`, newest first; none: nothing can be sealed */
  constructor(options: { keys: readonly string[] }) {
    const [newest, ...older] = options.keys;
    this.#keys = newest ? new SealingKeys([newest, ...older]) : undefined;
  }

  /**
   * Masks and encrypts the secrets in parameters that fit the pipeline's schema.
   *
   * @param definition - `parameters` is the JSON Schema
   * @throws InputError when a secret is too short to be redacted, or is the mask itself
   */
  seal(
    definition: { id: string; parameters: JsonObject },
    parameters: JsonObject,
  ): MaskedParameters {
    const values: SecretValues = secretPaths(definition.parameters).flatMap(
      path => {
        const value = valueAt(parameters, path);
        // An empty text has nothing to hide.
        return typeof value === 'string' && value !== ''
          ? [{ path: [...path], value }]
          : [];
      },
    );
    values.forEach(assertCanBeHidden);
    if (values.length === 0) {
      return { masked: parameters };
    }
    const keys = this.#requireKeys();
    const plain = Buffer.from(JSON.stringify(values));
    return {
      masked: withValues(
        parameters,
        values.map(({ path }) => ({ path, value: MASK })),
      ),
      sealed: keys.seal(plain),
      fingerprint: keys.fingerprint(plain),
    };
  }

  /**
   * Decrypts what {@link SealedParameters.seal} has sealed.
   *
   * @throws an error with a sentence when its key is not configured or it was changed
   */
  open(sealed: Buffer): SecretValues {
    const plain = this.#requireKeys().open(sealed);
    return SecretValuesSchema.parse(JSON.parse(plain.toString()));
  }

  /** A copy of masked parameters with their secrets in place of the masks. */
  merge(masked: JsonObject, values: SecretValues): JsonObject {
    return withValues(
      masked,
      values.filter(({ path }) => valueAt(masked, path) === MASK),
    );
  }

  #requireKeys(): SealingKeys {
    if (!this.#keys) {
      throw new Error(
        `There is no key for secret parameters; set 'pipelines.secrets.key'`,
      );
    }
    return this.#keys;
  }
}

function assertCanBeHidden({ path, value }: SecretValues[number]): void {
  const name = path.join('.');
  if (value === MASK) {
    throw new InputError(
      `The secret parameter '${name}' must be typed again: '${MASK}' only stands for what it was`,
    );
  }
  if (Buffer.byteLength(value) < MIN_SECRET_BYTES) {
    throw new InputError(
      `The secret parameter '${name}' must have at least ${MIN_SECRET_BYTES} bytes: a shorter one could not be redacted in the log`,
    );
  }
}
