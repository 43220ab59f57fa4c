/** One parameter of a pipeline, ready to print. */
export interface ParameterRow {
  name: string;
  /** Type, format, choices and bounds in one line. */
  type: string;
  isRequired: boolean;
  isSecret: boolean;
  /** As JSON, except of a plain text; undefined when there is none. */
  default?: string;
  description: string;
}

type Schema = Readonly<Record<string, unknown>>;

/** Deeper than this a schema is told as its type alone. */
const MAX_DEPTH = 3;

/** The parameters that a JSON Schema describes; nested ones with their path as name. */
export function parameterRows(schema: Schema): ParameterRow[] {
  return rowsOf(schema, '', 0);
}

function rowsOf(schema: Schema, path: string, depth: number): ParameterRow[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(objectOf(schema.properties)).flatMap(
    ([key, property]) => {
      const child = objectOf(property);
      const name = path ? `${path}.${key}` : key;
      const row: ParameterRow = {
        name,
        type: typeOf(child),
        isRequired: required.includes(key),
        isSecret: child.writeOnly === true,
        default: textOf(child.default),
        description: [child.title, child.description]
          .filter(text => typeof text === 'string' && text !== '')
          .join(': '),
      };
      const isNested =
        depth < MAX_DEPTH && Object.keys(objectOf(child.properties)).length > 0;
      return isNested ? [row, ...rowsOf(child, name, depth + 1)] : [row];
    },
  );
}

function typeOf(schema: Schema): string {
  const choices = Array.isArray(schema.enum) ? schema.enum : undefined;
  if (choices) {
    return choices.map(textOf).join(' | ');
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const items = objectOf(schema.items);
  const type =
    schema.type === 'array' && items.type !== undefined
      ? `array of ${typeOf(items)}`
      : types.filter(Boolean).join(' | ') || 'any';
  const bounds = [
    schema.format,
    schema.minimum !== undefined && `≥ ${schema.minimum}`,
    schema.maximum !== undefined && `≤ ${schema.maximum}`,
  ];
  return [type, ...bounds.filter(Boolean)].join(', ');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || value === undefined
    ? value
    : JSON.stringify(value);
}

function objectOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Schema)
    : {};
}
