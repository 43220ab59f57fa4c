import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import {
  isProcessAlive,
  readHostIdentity,
  readStartTicks,
} from './hostIdentity';

describe('hostIdentity', () => {
  it('is the same each time it is read', async () => {
    const identity = await readHostIdentity();
    expect(identity).toEqual(await readHostIdentity());
    expect(identity.host).toBe(os.hostname());
  });

  it('knows this process from another one that had its id', async () => {
    const pidStartTicks = await readStartTicks(process.pid);
    expect(pidStartTicks).toBeGreaterThan(0);
    expect(await isProcessAlive({ pid: process.pid, pidStartTicks })).toBe(
      true,
    );
    expect(
      await isProcessAlive({
        pid: process.pid,
        pidStartTicks: pidStartTicks! - 1,
      }),
    ).toBe(false);
  });

  it('knows that a process is dead, with and without its start', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');

    expect(await isProcessAlive({ pid: child.pid! })).toBe(false);
    expect(await isProcessAlive({ pid: child.pid!, pidStartTicks: 1 })).toBe(
      false,
    );
  });
});
