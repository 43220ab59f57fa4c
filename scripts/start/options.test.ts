import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Failure } from '../lib/failure.mjs';
import { readStartOptions } from './options.mjs';

describe('the flags of npm start', () => {
  afterEach(() => {
    delete process.env.npm_config_reset;
  });

  it('have defaults', () => {
    const options = readStartOptions([]);
    assert.equal(options.port, 7007);
    assert.equal(options.demo, true);
    assert.equal(options.reset, false);
  });

  it('are read', () => {
    const options = readStartOptions(['--port', '8080', '--no-demo', '--open']);
    assert.equal(options.port, 8080);
    assert.equal(options.demo, false);
    assert.equal(options.open, true);
  });

  for (const port of ['0', '65536', '-1', '80a', '', '1e3']) {
    it(`refuse '${port}' as a port`, () => {
      assert.throws(() => readStartOptions([`--port=${port}`]), /not a port/);
    });
  }

  it('name a flag that does not exist', () => {
    assert.throws(() => readStartOptions(['--prot', '1']), /--prot/);
  });

  it('say so when npm kept a flag for itself', () => {
    process.env.npm_config_reset = 'true';
    assert.throws(
      () => readStartOptions([]),
      (error: Failure) => /npm start -- --reset/.test(String(error.wayOut)),
    );
  });
});
