type Schema = Readonly<Record<string, unknown>>;

/** What a place in parameters is called by their schema: `Options › Codec` for `options.codec`. */
export function titleOfPath(schema: Schema, path: string): string {
  const titles: string[] = [];
  let current: Schema = schema;
  for (const key of path.split('.')) {
    const isItem = current.type === 'array';
    current = childOf(current, key);
    const title = typeof current.title === 'string' ? current.title : key;
    titles.push(isItem ? String(Number(key) + 1) : title);
  }
  return titles.join(' › ');
}

function childOf(schema: Schema, key: string): Schema {
  const child =
    schema.type === 'array'
      ? schema.items
      : (schema.properties as Record<string, unknown> | undefined)?.[key];
  return typeof child === 'object' && child !== null ? (child as Schema) : {};
}
