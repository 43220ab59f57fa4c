import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { inRoot } from '../lib/paths.ts';
import { makeTemporaryFolder } from '../lib/temporaryFolder.ts';
import { runNodeTests } from './nodeTests.ts';
import { readJestReport } from './readJestReport.ts';

const folder = makeTemporaryFolder('counting');
after(() => folder.remove());

function write(name: string, content: string): string {
  const file = path.join(folder.path, name);
  fs.writeFileSync(file, content);
  return file;
}

async function countNodeTests(content: string) {
  const file = write('case.test.mjs', content);
  // A test runner inside of a test would report to the outer one.
  return await runNodeTests({
    patterns: [file],
    env: { NODE_TEST_CONTEXT: undefined },
    print: () => {},
  });
}

const IMPORTS = `import { describe, it } from 'node:test';\n`;

describe('counting the cases of node:test', () => {
  it('counts cases and not their groups', async () => {
    const result = await countNodeTests(
      `${IMPORTS}describe('group', () => { it('a', () => {}); it('b', () => {}); });`,
    );
    assert.deepEqual(result, {
      passed: 2,
      failed: 0,
      skipped: 0,
      failures: [],
      failedFiles: [],
    });
  });

  it('names what passed only on its second try', async () => {
    const mark = path.join(folder.path, 'tried');
    const result = await countNodeTests(
      `${IMPORTS}import fs from 'node:fs';
       it('good', () => {});
       it('shaky', () => {
         const tried = fs.existsSync(${JSON.stringify(mark)});
         fs.writeFileSync(${JSON.stringify(mark)}, '');
         if (!tried) throw new Error('x');
       });`,
    );
    assert.equal(result.passed, 2);
    assert.equal(result.failed, 0);
    assert.deepEqual(result.failures, []);
    assert.match(result.flaky?.join('\n') ?? '', /shaky/);
  });

  it('names what failed and what was skipped', async () => {
    const result = await countNodeTests(
      `${IMPORTS}it('bad', () => { throw new Error('x'); });
       it('later', { skip: true }, () => {}); it.todo('some day');`,
    );
    assert.equal(result.failed, 1);
    assert.equal(result.skipped, 2);
    assert.match(result.failures.join('\n'), /bad \(failed\)/);
  });

  it('counts a file that cannot be read as failed', async () => {
    const result = await countNodeTests('this is no program');
    assert.equal(result.passed, 0);
    assert.equal(result.failed, 1);
  });

  it('finds nothing where there is nothing', async () => {
    const result = await runNodeTests({
      patterns: [path.join(folder.path, 'absent-*.test.mjs')],
      env: { NODE_TEST_CONTEXT: undefined },
      print: () => {},
    });
    assert.equal(result.passed + result.skipped, 0);
  });
});

describe('counting the cases of jest', () => {
  it('counts a file that could not be run as a failed case', () => {
    const report = write(
      'jest.json',
      JSON.stringify({
        numPassedTests: 3,
        numFailedTests: 1,
        numPendingTests: 1,
        numTodoTests: 0,
        testResults: [
          { name: inRoot('a.test.ts'), status: 'failed', assertionResults: [] },
          {
            name: inRoot('b.test.ts'),
            status: 'failed',
            assertionResults: [
              { fullName: 'works', status: 'failed' },
              { fullName: 'later', status: 'pending' },
            ],
          },
        ],
      }),
    );
    assert.deepEqual(readJestReport(report), {
      passed: 3,
      failed: 2,
      skipped: 1,
      failedFiles: ['a.test.ts', 'b.test.ts'],
      failures: [
        'a.test.ts (could not be run)',
        'b.test.ts: works',
        'b.test.ts: later (pending)',
      ],
    });
  });

  it('takes a missing report for a failure', () => {
    assert.equal(readJestReport(path.join(folder.path, 'absent')).failed, 1);
  });
});
