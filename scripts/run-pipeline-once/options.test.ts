import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { makeTemporaryFolder } from '../lib/temporaryFolder.ts';
import { readOptions, UsageError } from './options.mjs';

const folder = makeTemporaryFolder('options');
after(() => folder.remove());

const ENV = {
  MILLRACE_PORTAL: 'https://portal.example.org/',
  MILLRACE_TOKEN: 'secret-token',
  MILLRACE_REPORTER: 'cron',
  MILLRACE_SPOOL: folder.path,
  PASSWORD: 'hunter2',
};

function read(args: string[], env: NodeJS.ProcessEnv = ENV) {
  return readOptions(args, env);
}

function readWrap(args: string[]) {
  const options = read([...args, '--', 'true']);
  assert.equal(options.mode, 'wrap');
  return options as Extract<typeof options, { mode: 'wrap' }>;
}

describe('the flags of run-pipeline-once', () => {
  it('leave everything behind -- to the command', () => {
    const options = read(['--pipeline', 'x', '--', 'sh', '--help', '--', '-c']);
    assert.equal(options.mode, 'wrap');
    assert.deepEqual((options as { command?: string[] }).command, [
      'sh',
      '--help',
      '--',
      '-c',
    ]);
  });

  it('take parameters as JSON, or else as text, over those of a file', () => {
    const file = path.join(folder.path, 'parameters.json');
    fs.writeFileSync(file, '{"url":"a","limit":1}');
    const flags = ['limit=5', 'name=ada', 'at=a=b', 'list=[1]'];
    const { parameters, labels } = readWrap([
      ...['--pipeline', 'x', '--params-file', file, '--label', 'site=north'],
      ...flags.flatMap(flag => ['--param', flag]),
    ]);
    assert.deepEqual(parameters, {
      url: 'a',
      limit: 5,
      name: 'ada',
      at: 'a=b',
      list: [1],
    });
    assert.deepEqual(labels, { site: 'north' });
  });

  it('read the token anew each time, and never from a flag', () => {
    const file = path.join(folder.path, 'token');
    fs.writeFileSync(file, 'first\n');
    const { readToken } = readWrap(['--pipeline', 'x', '--token-file', file]);
    assert.equal(readToken(), 'first');
    fs.writeFileSync(file, 'second\n');
    assert.equal(readToken(), 'second');
    assert.throws(
      () => read(['--pipeline', 'x', '--token', 'oops', '--', 'true']),
      UsageError,
    );
  });

  it('say nothing of a token that is wrong', () => {
    const file = path.join(folder.path, 'wrong');
    fs.writeFileSync(file, 'top secret');
    const { readToken } = readWrap(['--pipeline', 'x', '--token-file', file]);
    assert.throws(readToken, (error: Error) => {
      assert.match(error.message, /more than one word/);
      assert.doesNotMatch(error.message, /top|secret/);
      return error instanceof UsageError;
    });
  });

  const wrong: [string, string[], NodeJS.ProcessEnv, RegExp][] = [
    ['no command', ['--pipeline', 'x'], {}, /command behind --/],
    ['no pipeline', ['--', 'true'], {}, /--pipeline is missing/],
    [
      'no reporter',
      ['--pipeline', 'x', '--', 'true'],
      { MILLRACE_REPORTER: '' },
      /--reporter is missing/,
    ],
    ['no portal', ['--drain'], { MILLRACE_PORTAL: '' }, /--portal is missing/],
    [
      'a portal that is none',
      ['--drain', '--portal', 'portal:80'],
      {},
      /no http or https/,
    ],
    ['no token', ['--drain'], { MILLRACE_TOKEN: '' }, /Give --token-file/],
    [
      'a label without a value',
      ['--pipeline', 'x', '--label', 'a', '--', 'true'],
      {},
      /NAME=VALUE/,
    ],
    [
      'a time without a unit',
      ['--pipeline', 'x', '--submit', '--wait-timeout', '30'],
      {},
      /90s, 30m or 2h/,
    ],
    [
      'a command to submit',
      ['--pipeline', 'x', '--submit', '--', 'true'],
      {},
      /give no command/,
    ],
    [
      'a secret that is not there',
      ['--pipeline', 'x', '--secret', 'NOPE', '--', 'true'],
      {},
      /NOPE/,
    ],
    [
      'parameters that are no object',
      ['--pipeline', 'x', '--params-file', import.meta.filename, '--submit'],
      {},
      /no JSON object/,
    ],
    [
      'a file that is not there',
      ['--pipeline', 'x', '--params-file', '/nope', '--submit'],
      {},
      /ENOENT/,
    ],
  ];
  for (const [what, args, env, message] of wrong) {
    it(`are refused with ${what}`, () => {
      assert.throws(
        () => read(args, { ...ENV, ...env }),
        (error: Error) =>
          error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
