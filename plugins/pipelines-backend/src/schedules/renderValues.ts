import type { JsonObject, JsonValue } from '@backstage/types';

/** `${{ root.path.to.it }}`: names of keys, or positions in lists. */
const PLACEHOLDER = /\$\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}/g;
const LONE_PLACEHOLDER = /^\$\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}$/;

/**
 * Values with `${{ root.path }}` in their texts filled in from what is known.
 *
 * @remarks
 * A text that is nothing but one placeholder becomes the value itself, whatever its type; where
 * there is none, the key is left out. In a longer text a value becomes text, and what there is
 * not is empty. Only paths are read, nothing is executed, and what is filled in is not read again.
 */
export function renderValues(
  templates: JsonObject,
  known: JsonObject,
): JsonObject {
  return renderObject(templates, known);
}

/** Every problem of such values, as sentences; `roots` are the first names that there are. */
export function checkValues(
  templates: JsonObject,
  roots: readonly string[],
): string[] {
  return [
    ...new Set(textsIn(templates).flatMap(text => checkText(text, roots))),
  ];
}

/** Every path that the values name, by its names, such as `['run', 'outputs', 'summary']`. */
export function pathsIn(templates: JsonObject): string[][] {
  return textsIn(templates).flatMap(text =>
    [...text.matchAll(PLACEHOLDER)].map(([, path]) => path.split('.')),
  );
}

function renderObject(templates: JsonObject, known: JsonObject): JsonObject {
  const entries = Object.entries(templates).flatMap(([key, template]) => {
    const value = render(template, known);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

function render(
  template: JsonValue | undefined,
  known: JsonObject,
): JsonValue | undefined {
  if (typeof template === 'string') {
    return renderText(template, known);
  }
  if (Array.isArray(template)) {
    return template
      .map(item => render(item, known))
      .filter(item => item !== undefined);
  }
  return isObject(template) ? renderObject(template, known) : template;
}

function renderText(text: string, known: JsonObject): JsonValue | undefined {
  const [, lonePath] = LONE_PLACEHOLDER.exec(text) ?? [];
  return lonePath === undefined
    ? text.replace(PLACEHOLDER, (_, path: string) =>
        toText(valueAt(known, path)),
      )
    : valueAt(known, lonePath);
}

function valueAt(known: JsonObject, path: string): JsonValue | undefined {
  return path
    .split('.')
    .reduce<JsonValue | undefined>(
      (value, name) =>
        typeof value === 'object' &&
        value !== null &&
        Object.hasOwn(value, name) &&
        (!Array.isArray(value) || /^\d+$/.test(name))
          ? (value as JsonObject)[name]
          : undefined,
      known,
    );
}

function toText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function checkText(text: string, roots: readonly string[]): string[] {
  const wrong = [...text.matchAll(PLACEHOLDER)]
    .map(([placeholder, path]) => ({ placeholder, root: path.split('.')[0] }))
    .filter(({ root }) => !roots.includes(root))
    .map(({ placeholder }) => placeholder);
  const rest = text.replace(PLACEHOLDER, '');
  return [...wrong, ...(rest.includes('${{') ? [text] : [])].map(
    found =>
      `'${found}' cannot be filled in; only paths that begin with ${roots
        .map(root => `'${root}'`)
        .join(' or ')} can`,
  );
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(textsIn)
    : [];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
