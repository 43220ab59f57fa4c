import { validateParameters } from '../runs/form/parameters';
import type { SettingField } from './settingFields';
import { patchOf, type SettingsDraft } from './settingsDraft';
import type { JsonObject } from './values';

/** What is wrong with settings: by field, and what belongs to none. @public */
export interface SettingProblems {
  byField: Readonly<Record<string, string>>;
  general: readonly string[];
}

/** Nothing is wrong. @internal */
export const NO_PROBLEMS: SettingProblems = { byField: {}, general: [] };

/** What is wrong with a draft by its schema, and which fields were emptied. @public */
export function problemsOfDraft(options: {
  schema: JsonObject;
  fields: readonly SettingField[];
  draft: SettingsDraft;
  /** What to say of an emptied field. */
  emptied: string;
}): SettingProblems {
  const { schema, fields, draft, emptied } = options;
  const found = problemsOfPatch(schema, fields, patchOf(fields, draft));
  const empty = fields.filter(({ id }) => draft[id]?.kind === 'emptied');
  return {
    general: found.general,
    byField: {
      ...found.byField,
      ...Object.fromEntries(empty.map(({ id }) => [id, emptied])),
    },
  };
}

/** What is wrong with a patch by its schema. @internal */
export function problemsOfPatch(
  schema: JsonObject,
  fields: readonly SettingField[],
  patch: JsonObject,
): SettingProblems {
  const byField: Record<string, string> = {};
  const general: string[] = [];
  const choices = validateParameters(schema, patch).filter(
    // Of "a value or null", what is wrong with the value says more.
    ({ rule, message }) =>
      rule !== 'anyOf' && !(rule === 'type' && /null$/.test(message)),
  );
  for (const { path, message } of choices) {
    const field = fieldAt(fields, path);
    if (field) {
      byField[field.id] ??= message;
    } else {
      general.push([path, message].filter(Boolean).join(': '));
    }
  }
  return { byField, general };
}

function fieldAt(
  fields: readonly SettingField[],
  path: string,
): SettingField | undefined {
  const plain = path.replace(/\['?([^'\]]+)'?\]/g, '.$1').replace(/^\./, '');
  return fields.find(({ id }) => plain === id || plain.startsWith(`${id}.`));
}

/**
 * Where the server's refusal belongs: each of its lines goes to the field that it names.
 *
 * @param message - the sentence of a 400
 *
 * @public
 */
export function problemsOfRefusal(
  fields: readonly SettingField[],
  message: string,
): SettingProblems {
  const byField: Record<string, string> = {};
  const general: string[] = [];
  for (const part of partsOf(message)) {
    const field = namedField(fields, part);
    if (field) {
      byField[field.id] ??= withoutPath(part, field.id);
    } else {
      general.push(part);
    }
  }
  return { byField, general };
}

/** Several problems stand below each other, each with the place that it is about in a line of its own. */
function partsOf(message: string): string[] {
  return message
    .split(/\n?✖\s*|\n(?!\s*→)/)
    .map(part => part.replace(/\s*\n\s*/g, ' ').trim())
    .filter(Boolean);
}

function namedField(
  fields: readonly SettingField[],
  text: string,
): SettingField | undefined {
  const named = [...fields]
    .sort((a, b) => b.id.length - a.id.length)
    .find(({ id }) => placeOf(id).test(text));
  const [, whole] = /^([\w-]+):\s/.exec(text) ?? [];
  // What is said of several together is said at the first of them.
  return named ?? fields.find(({ path }) => path[0] === whole);
}

function placeOf(id: string): RegExp {
  const literal = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[\\s'"\`(.])(patch\\.)?${literal}(?![\\w-])`);
}

function withoutPath(text: string, id: string): string {
  const literal = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text
    .replace(new RegExp(`\\s*→ at (patch\\.)?${literal}.*$`), '')
    .replace(new RegExp(`^'?(patch\\.)?${literal}'?:\\s*`), '')
    .replace(new RegExp(`^${id.split('.')[0]}:\\s*`), '');
}
