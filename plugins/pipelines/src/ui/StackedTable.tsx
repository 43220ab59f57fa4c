import type { ReactNode } from 'react';
import styles from './StackedTable.module.css';

/** What {@link StackedTable} shows. */
export interface StackedTableProps {
  /** What it lists, as its name for screen readers. */
  label: string;
  heads: readonly string[];
  /** The first cell of a row is its head. */
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

/** A small table, whose rows are blocks with the heads before their values where there is no room. */
export function StackedTable({ label, heads, rows }: StackedTableProps) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {heads.map(head => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [first, ...others] }) => (
          <tr key={key}>
            <th scope="row">{first}</th>
            {others.map((cell, index) => (
              <td
                key={heads[index + 1]}
                data-head={heads[index + 1]}
                data-empty={isEmpty(cell) || undefined}
              >
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isEmpty(cell: ReactNode): boolean {
  return cell === undefined || cell === null || cell === false || cell === '';
}
