import { commonFailure, Failure } from './failure.mjs';

const RESET = 'npm start -- --reset';

interface KnownSign {
  sign: RegExp;
  sentence: string;
  wayOut: string;
}

const KNOWN_SIGNS: KnownSign[] = [
  {
    sign: /Address already in use/i,
    sentence: 'PostgreSQL could not listen because its port is taken',
    wayOut: 'Run the same command again; it chooses another port.',
  },
  {
    sign: /database files are incompatible|initialized by PostgreSQL version/i,
    sentence: 'The data directory was made by another version of PostgreSQL',
    wayOut: `Start with the version that made it, or delete it and begin afresh: ${RESET}`,
  },
  {
    sign: /another (?:postmaster|server)|lock file .* already exists/i,
    sentence: 'Another PostgreSQL already runs on this data directory',
    wayOut: 'Stop it and run the same command again.',
  },
  {
    sign: /Permission denied|wrong ownership|invalid permissions/i,
    sentence: 'PostgreSQL may not use its data directory',
    wayOut: `Give the folder to the user who runs this command, or delete it and begin afresh: ${RESET}`,
  },
  {
    sign: /error while loading shared libraries|cannot execute|ENOEXEC/i,
    sentence: 'The embedded PostgreSQL does not run on this machine',
    wayOut:
      'Use a PostgreSQL of your own: DATABASE_URL=postgresql://user:password@host:5432/postgres npm start',
  },
  {
    sign: /PANIC|FATAL|could not (?:open|read|locate)|invalid (?:checkpoint|data|page)/i,
    sentence: 'PostgreSQL cannot read its data directory; it is damaged',
    wayOut: `Restore it from a copy, or delete it and begin afresh: ${RESET}`,
  },
];

/**
 * Says in one sentence why PostgreSQL did not start, with its own words below.
 *
 * @param output - what it printed
 * @param directory - its data directory
 */
export function explainPostgresFailure(
  output: string,
  directory: string,
): Failure {
  const details = output
    .split('\n')
    .filter(line => /PANIC|FATAL|ERROR|HINT|DETAIL|error:/.test(line))
    .slice(-5)
    .join('\n');
  const common = /No space left|ENOSPC/i.test(output)
    ? commonFailure(output, `writing the database in ${directory}`)
    : undefined;
  if (common) {
    return common;
  }
  const known = KNOWN_SIGNS.find(({ sign }) => sign.test(output));
  return new Failure(
    `${known?.sentence ?? 'PostgreSQL did not start'} (${directory}).`,
    {
      details: details || output.trimEnd().split('\n').slice(-5).join('\n'),
      wayOut: known?.wayOut ?? `Begin afresh with: ${RESET}`,
    },
  );
}
