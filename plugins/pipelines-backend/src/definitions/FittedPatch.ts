import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** Where something in a patch does not fit, and why. */
export interface PatchProblem {
  /** Keys from the top of the patch. */
  path: readonly string[];
  message: string;
}

/**
 * A patch of settings without what does not fit.
 *
 * @remarks
 * A saved patch may be older than the configuration. What no longer fits is left out field by
 * field, so that the rest of it, and the portal, go on.
 */
export class FittedPatch<TSettings> {
  readonly problems: PatchProblem[] = [];

  private constructor(readonly settings: TSettings) {}

  /** What of the patch has the form that the schema asks for. */
  static read<TSchema extends z.ZodType>(
    schema: TSchema,
    patch: unknown,
  ): FittedPatch<z.output<TSchema>> {
    const problems: PatchProblem[] = [];
    let rest: unknown = isObject(patch) ? patch : {};
    for (;;) {
      const parsed = schema.safeParse(rest);
      if (parsed.success) {
        const fitted = new FittedPatch(parsed.data);
        fitted.problems.push(...problems);
        return fitted;
      }
      const found = parsed.error.issues.flatMap(describeIssue);
      problems.push(...found);
      rest = without(rest, found);
    }
  }

  /** Leaves out what is at this place. */
  refuse(path: readonly string[], message: string): void {
    this.problems.push({ path, message });
    unset(this.settings, path);
  }
}

/** A problem as a sentence that names its field. */
export function sentenceOf({ path, message }: PatchProblem): string {
  return `${path.join('.') || 'the settings'}: ${message}`;
}

function describeIssue(issue: z.core.$ZodIssue): PatchProblem[] {
  const path = issue.path.map(String);
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map(key => ({
        path: [...path, key],
        message: 'cannot be set here',
      }))
    : [{ path, message: issue.message }];
}

/** Less than before in any case, so that reading again comes to an end. */
function without(patch: unknown, problems: readonly PatchProblem[]): unknown {
  const rest: unknown = structuredClone(patch);
  problems.forEach(({ path }) => unset(rest, path));
  return isDeepStrictEqual(rest, patch) ? {} : rest;
}

function unset(target: unknown, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (!isObject(target) || key === undefined) {
    return;
  }
  if (rest.length > 0 && isObject(target[key])) {
    unset(target[key], rest);
  } else {
    delete target[key];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
