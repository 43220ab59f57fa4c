/** A refusal in the form in which the backend would answer it. */
export class FakeFailure extends Error {
  constructor(
    readonly status: number,
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** One request as a fake sees it. */
export interface FakeRequest {
  method: string;
  /** Below `/api/pipelines`. */
  path: string;
  query: URLSearchParams;
  body?: Record<string, unknown>;
  headers: Headers;
}

/** What a fake answers to `METHOD path`; it gets the decoded first group of the pattern. */
export type FakeRoute = [
  pattern: RegExp,
  handler: (request: FakeRequest, id: string) => unknown,
];
