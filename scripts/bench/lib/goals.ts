/** One row of a table of goals. */
export interface GoalRow {
  name: string;
  /** Text of each further column. */
  cells: string[];
  isMet: boolean;
}

/** Prints rows with aligned columns, and what was met; a miss makes the command fail. */
export function printGoals(head: string[], rows: readonly GoalRow[]): void {
  const table = [
    head,
    ...rows.map(({ name, cells, isMet }) => [
      name,
      ...cells,
      isMet ? 'met' : 'MISSED',
    ]),
  ];
  const widths = head.map((_, column) =>
    Math.max(...table.map(row => (row[column] ?? '').length)),
  );
  for (const row of table) {
    console.log(
      `  ${row
        .map((cell, column) =>
          column === 0
            ? cell.padEnd(widths[column]!)
            : cell.padStart(widths[column]!),
        )
        .join('  ')}`,
    );
  }
  if (rows.some(({ isMet }) => !isMet)) {
    process.exitCode = 1;
  }
}

/** Milliseconds with one digit. */
export function ms(value: number): string {
  return value.toFixed(1);
}
