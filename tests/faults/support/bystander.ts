import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { inRoot } from '../../../scripts/lib/paths.ts';
import { until } from '../../harness/index.ts';

/** A process that is no run. */
export interface Bystander {
  pid: number;
  /** The signals that it got, by name. */
  signals(): string[];
  stop(): void;
}

/** Starts a bystander that keeps its notes in a file. */
export async function startBystander(file: string): Promise<Bystander> {
  const child = spawn(
    process.execPath,
    [inRoot('tests/faults/programs/bystander.ts'), file],
    { detached: true, stdio: 'ignore' },
  );
  await until(() => fs.existsSync(file), { what: 'the bystander to start' });
  return {
    pid: child.pid!,
    signals: () => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean),
    stop: () => void child.kill('SIGKILL'),
  };
}
