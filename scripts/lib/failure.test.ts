import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commonFailure } from './failure.mjs';

describe('what a package manager prints when it fails', () => {
  for (const words of [
    'npm error code ENOTFOUND',
    'RequestError: connect ECONNREFUSED 127.0.0.1:9',
    'Error [ERR_SOCKET_CLOSED_BEFORE_CONNECTION]: Socket closed before the connection was established',
  ]) {
    it(`is no network: ${words}`, () => {
      const failure = commonFailure(words, 'installing the packages');
      assert.match(failure?.message ?? '', /^No network/);
      assert.match(failure?.wayOut ?? '', /npm_config_registry/);
    });
  }

  it('is a full disk', () => {
    assert.match(
      commonFailure('ENOSPC: no space left on device', 'x')?.message ?? '',
      /^The disk is full/,
    );
  });

  it('is nothing that is known otherwise', () => {
    assert.equal(commonFailure('YN0028: the lockfile', 'x'), undefined);
  });
});
