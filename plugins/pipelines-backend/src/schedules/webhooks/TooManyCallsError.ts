import { CustomErrorBase } from '@backstage/errors';

/** A trigger was called too often; answered with 429. */
export class TooManyCallsError extends CustomErrorBase {
  name = 'TooManyCallsError' as const;
  readonly status = 429;
  /** In how many seconds to come again. */
  readonly retryAfterSeconds: number;

  constructor(triggerId: string, retryAfterSeconds: number) {
    super(
      `The trigger '${triggerId}' is called too often; come again in ${retryAfterSeconds} seconds`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
