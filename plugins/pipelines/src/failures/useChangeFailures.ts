import {
  messageOf,
  useChangeFailure,
  type ChangeFailureVariables,
} from '@millrace/backstage-plugin-pipelines-react';

/** What is done to each of some failures. */
export type FailuresChange = ChangeFailureVariables extends infer TEach
  ? TEach extends unknown
    ? Omit<TEach, 'fingerprint'>
    : never
  : never;

/** A failure as a dialog names it. */
export interface NamedFailure {
  fingerprint: string;
  template: string;
}

/** Some of several failures could not be changed; the others were. */
export class PartlyRefusedError extends Error {
  constructor(
    readonly changed: number,
    readonly refused: readonly { failure: NamedFailure; reason: string }[],
  ) {
    super(`${refused.length} failures were not changed`);
    this.name = 'PartlyRefusedError';
  }
}

/**
 * Does the same to one or several failures, one after the other.
 *
 * @returns rejects with what the server said of a single one, with {@link PartlyRefusedError}
 * where some of several were refused
 */
export function useChangeFailures(): (
  failures: readonly NamedFailure[],
  change: FailuresChange,
) => Promise<void> {
  const { mutateAsync } = useChangeFailure();
  return async (failures, change) => {
    const refused: { failure: NamedFailure; reason: string }[] = [];
    for (const failure of failures) {
      try {
        await mutateAsync({ ...change, fingerprint: failure.fingerprint });
      } catch (error) {
        if (failures.length === 1) {
          throw error;
        }
        refused.push({ failure, reason: messageOf(error) });
      }
    }
    if (refused.length > 0) {
      throw new PartlyRefusedError(failures.length - refused.length, refused);
    }
  };
}
