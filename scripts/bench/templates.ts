import fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../lib/failure.mjs';
import { groupingAccuracy } from './lib/groupingAccuracy.ts';
import { loadBackend } from '../lib/loadBackend.ts';
import { printGoal } from './lib/measure.ts';
import { readCsv } from './lib/readCsv.ts';

export const description =
  'Grouping accuracy of line templates and fingerprints against the answer key of FILE.structured.csv …';

const GOAL = 0.9;
const MAX_TEMPLATES = 5_000;
/** Columns of the files: the message, and the group that it belongs to. */
const MESSAGE = 'Content';
const GROUP = 'EventId';
const WAY_OUT = `yarn bench templates FILE.structured.csv …, each with the columns ${MESSAGE} and ${GROUP}`;

interface LineTemplates {
  learn(line: string): void;
  templateOf(line: string): string | undefined;
}

/** Takes the files. */
export async function run(files: string[]): Promise<void> {
  if (files.length === 0) {
    throw new Failure('No file was named.', { wayOut: WAY_OUT });
  }
  const { LineTemplates } = loadBackend<{
    LineTemplates: new (options: { maxTemplates: number }) => LineTemplates;
  }>('logs/index.ts');
  const { templateOf } = loadBackend<{ templateOf(text: string): string }>(
    'failures/index.ts',
  );
  for (const file of files) {
    const { messages, key } = readFile(file);
    const templates = new LineTemplates({ maxTemplates: MAX_TEMPLATES });
    messages.forEach(message => templates.learn(message));
    console.log(
      `\n${path.basename(file)}: ${messages.length} messages in ${
        new Set(key).size
      } groups`,
    );
    print(
      'line templates',
      messages.map(message => templates.templateOf(message) ?? ''),
      key,
    );
    print('fingerprints', messages.map(templateOf), key);
  }
}

function print(what: string, groups: string[], key: string[]): void {
  const accuracy = groupingAccuracy(groups, key);
  printGoal(
    `${what}: grouping accuracy at least ${GOAL.toFixed(2)}`,
    `${accuracy.toFixed(4)} in ${new Set(groups).size} groups`,
    accuracy >= GOAL,
  );
}

function readFile(file: string): { messages: string[]; key: string[] } {
  if (!fs.existsSync(file)) {
    throw new Failure(`There is no file '${file}'.`, { wayOut: WAY_OUT });
  }
  const [header = [], ...rows] = readCsv(fs.readFileSync(file, 'utf8'));
  const message = header.indexOf(MESSAGE);
  const group = header.indexOf(GROUP);
  if (message < 0 || group < 0) {
    throw new Failure(
      `'${file}' has no column '${message < 0 ? MESSAGE : GROUP}'.`,
      { wayOut: WAY_OUT },
    );
  }
  const whole = rows.filter(row => row.length === header.length);
  return {
    messages: whole.map(row => row[message]!),
    key: whole.map(row => row[group]!),
  };
}
