import { Link } from '@backstage/ui';
import { useText } from '../../translation/useText';
import { JsonView } from '../../ui/JsonView';
import { READING_TAB_STOP } from '../../ui/tabStops';
import { documentForm, MAX_ROWS, type Scalar } from './documentForm';
import styles from './outputs.module.css';

/** Parts in parts deeper than this are easier to read as a tree. */
const MAX_DEPTH = 2;

/** Props of {@link DocumentView}. @internal */
export interface DocumentViewProps {
  json: unknown;
  /** What it is, for screen readers. */
  label: string;
  depth?: number;
}

/** A JSON document for people: facts, lists and tables, and a tree for what is none of these. @internal */
export function DocumentView({ json, label, depth = 0 }: DocumentViewProps) {
  const t = useText();
  const form =
    depth > MAX_DEPTH ? { kind: 'tree' as const } : documentForm(json);
  switch (form.kind) {
    case 'scalar':
      return (
        <p className={styles.text}>
          <ScalarText value={form.value} />
        </p>
      );
    case 'list':
      return form.values.length === 0 ? (
        <p className={styles.none}>{t('runs.output.none')}</p>
      ) : (
        <ul className={styles.list} aria-label={label}>
          {form.values.map((value, index) => (
            <li key={index}>
              <ScalarText value={value} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <Rows {...form} label={label} />;
    case 'object':
      return (
        <>
          <Facts facts={form.facts} />
          {form.parts.map(([name, part]) => (
            <section key={name} className={styles.part} aria-label={name}>
              <h4 className={styles.heading}>{name}</h4>
              <DocumentView json={part} label={name} depth={depth + 1} />
            </section>
          ))}
        </>
      );
    default:
      return <JsonView value={json} label={label} />;
  }
}

function Facts({ facts }: { facts: [string, Scalar][] }) {
  return facts.length === 0 ? null : (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <ScalarText value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Rows(props: {
  columns: string[];
  rows: Record<string, Scalar>[];
  label: string;
}) {
  const t = useText();
  const { columns, rows, label } = props;
  const left = rows.length - MAX_ROWS;
  return (
    <div
      className={styles.scroll}
      role="region"
      aria-label={label}
      tabIndex={READING_TAB_STOP}
    >
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MAX_ROWS).map((row, index) => (
            <tr key={index}>
              {columns.map(column => (
                <td
                  key={column}
                  className={
                    typeof row[column] === 'number' ? styles.number : undefined
                  }
                >
                  <ScalarText value={row[column]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <p className={styles.none}>{t('runs.output.more', { count: left })}</p>
      )}
    </div>
  );
}

function ScalarText({ value }: { value: Scalar | undefined }) {
  if (value === undefined || value === null || value === '') {
    return <span className={styles.none}>–</span>;
  }
  if (typeof value === 'number') {
    return <>{new Intl.NumberFormat().format(value)}</>;
  }
  if (typeof value === 'string' && isWebAddress(value)) {
    return <Link href={value}>{value}</Link>;
  }
  return <>{String(value)}</>;
}

/** Only these become links: a document is made by a program, and is not to be trusted with more. @internal */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text);
}
