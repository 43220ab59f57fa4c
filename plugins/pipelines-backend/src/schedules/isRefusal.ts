const REFUSALS = ['InputError', 'NotFoundError', 'ConflictError'];

/** Whether a submit failed for good: asked again it would fail in the same way. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && REFUSALS.includes(error.name);
}
