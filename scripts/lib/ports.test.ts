import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Failure } from './failure.mjs';
import {
  findFreePort,
  findPortHolder,
  isPortFree,
  requireFreePort,
} from './ports.ts';

describe('a port that is taken', () => {
  const server = net.createServer();
  let port = 0;

  before(async () => {
    port = await findFreePort();
    await new Promise<void>(resolve =>
      server.listen(port, '127.0.0.1', resolve),
    );
  });
  after(() => server.close());

  it('is not free', async () => {
    assert.equal(await isPortFree(port), false);
  });

  it('is held by the process that listens', async () => {
    const holder = await findPortHolder(port);
    assert.equal(holder?.pid, process.pid);
    assert.match(holder.command, /node/);
  });

  it('is refused with the name of its holder and another port', async () => {
    await assert.rejects(requireFreePort(port), (error: Failure) => {
      assert.match(error.message, new RegExp(`${port} .*${process.pid}`));
      assert.match(String(error.wayOut), new RegExp(`--port ${port + 1}`));
      return true;
    });
  });
});

describe('a port that nobody holds', () => {
  it('is free and has no holder', async () => {
    const port = await findFreePort();
    assert.equal(await isPortFree(port), true);
    assert.equal(await findPortHolder(port), undefined);
  });
});
