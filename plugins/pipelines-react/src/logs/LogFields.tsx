import styles from './LogFields.module.css';

/** Longest line whose fields are read, characters. */
const MAX_JSON_LENGTH = 16_000;
/** Fields that are shown of a line. */
const MAX_FIELDS = 100;

/** The fields of a line that is a JSON object; undefined for any other. @internal */
export function fieldsOf(
  text: string,
): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{') || text.length > MAX_JSON_LENGTH) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of a JSON line, one below the other. @internal */
export function LogFields(props: {
  fields: Readonly<Record<string, unknown>>;
}) {
  return (
    <dl className={styles.fields}>
      {Object.entries(props.fields)
        .slice(0, MAX_FIELDS)
        .map(([name, value]) => (
          <div key={name} className={styles.field}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
    </dl>
  );
}
