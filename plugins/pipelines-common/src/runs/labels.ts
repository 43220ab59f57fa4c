import { z } from 'zod';

/** Keys that could reach the prototype of an object. @internal */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
]);

/** Labels of a run: at most 20 short names with short values. @public */
export const LabelsSchema = z
  .record(
    z
      .string()
      .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9._/-]{0,62}$/,
        'a label name has 1 to 63 letters, digits, or . _ / -',
      )
      .refine(key => !FORBIDDEN_KEYS.has(key), {
        message: 'this name is not allowed',
      }),
    z.string().max(200),
  )
  .refine(labels => Object.keys(labels).length <= 20, {
    message: 'a run has at most 20 labels',
  });
