import pg from 'pg';
import type { BenchKnex } from './seededDatabase.ts';

/** A statement as the backend sent it. */
export interface Statement {
  sql: string;
  bindings: readonly unknown[];
}

/** What a statement really looked at. */
export interface Touched {
  /** Rows that were read from tables and indexes, those that were thrown away too. */
  rows: number;
  /** Large tables that were read from one end to the other. */
  scannedTables: string[];
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

/** Tables that grow with the number of runs. */
const LARGE_TABLES = [
  'runs',
  'run_attempts',
  'run_events',
  'log_chunks',
  'failure_counts',
];

/** The statements that a function sends through the client. */
export async function statementsOf(
  knex: BenchKnex,
  work: () => Promise<unknown>,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const listener = ({ sql, bindings }: Statement) => {
    if (/^\s*(select|with)/i.test(sql)) {
      statements.push({ sql, bindings });
    }
  };
  knex.on('query', listener as never);
  try {
    await work();
  } finally {
    knex.off('query', listener as never);
  }
  return statements;
}

/** Executes the statements once more, and adds up what their plans say that they looked at. */
export async function touchedBy(
  url: string,
  statements: readonly Statement[],
): Promise<Touched> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const touched: Touched = { rows: 0, scannedTables: [] };
  try {
    for (const { sql, bindings } of statements) {
      const { rows } = await client.query(
        `explain (analyze, timing off, format json) ${numbered(sql)}`,
        [...bindings],
      );
      addUp(rows[0]['QUERY PLAN'][0].Plan, touched);
    }
  } finally {
    await client.end();
  }
  return touched;
}

/** Bindings as the driver wants them. */
function numbered(sql: string): string {
  let number = 0;
  return sql.replace(/\?/g, () => `$${++number}`);
}

function addUp(node: PlanNode, touched: Touched): void {
  if (node['Relation Name']) {
    const each =
      (node['Actual Rows'] ?? 0) +
      (node['Rows Removed by Filter'] ?? 0) +
      (node['Rows Removed by Index Recheck'] ?? 0);
    touched.rows += Math.round(each * (node['Actual Loops'] ?? 0));
    if (
      node['Node Type'] === 'Seq Scan' &&
      LARGE_TABLES.includes(node['Relation Name'])
    ) {
      touched.scannedTables.push(node['Relation Name']);
    }
  }
  node.Plans?.forEach(child => addUp(child, touched));
}
