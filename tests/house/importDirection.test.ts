import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';
import { inRoot, ROOT } from '../../scripts/lib/paths.ts';

const PREFIX = '@millrace/backstage-plugin-';

/** The rules that a file with this one import would break. */
async function rulesBrokenBy(file: string, specifier: string) {
  const eslint = new ESLint({ cwd: ROOT });
  const [result] = await eslint.lintText(
    `import { something } from '${specifier}';\n\nexport const used = something;\n`,
    { filePath: inRoot(file) },
  );
  return result.messages.map(({ ruleId }) => ruleId);
}

const REFUSED = [
  ['plugins/pipelines-common/src/x.ts', `${PREFIX}pipelines-node`],
  ['plugins/pipelines-node/src/x.ts', `${PREFIX}pipelines-backend`],
  ['plugins/pipelines-backend/src/x.ts', `${PREFIX}pipelines-react`],
  [
    'plugins/search-backend-module-pipelines/src/x.ts',
    `${PREFIX}pipelines-backend`,
  ],
  [
    'plugins/catalog-backend-module-pipelines/src/x.ts',
    `${PREFIX}pipelines-backend`,
  ],
  ['plugins/pipelines-react/src/x.ts', `${PREFIX}pipelines`],
  ['plugins/pipelines-react/src/x.ts', `${PREFIX}pipelines/legacy`],
  ['plugins/pipelines/src/x.ts', `${PREFIX}pipelines-backend`],
  ['plugins/pipelines/src/x.test.ts', `${PREFIX}pipelines-backend`],
  ['packages/app/src/x.ts', `${PREFIX}pipelines-backend`],
  ['packages/backend/src/x.ts', `${PREFIX}pipelines`],
] as const;

describe('the import direction', () => {
  for (const [file, specifier] of REFUSED) {
    it(`refuses ${specifier} in ${file}`, async () => {
      const broken = await rulesBrokenBy(file, specifier);
      assert.ok(broken.includes('no-restricted-imports'), String(broken));
    });
  }

  it('lets the backend import what it is built on', async () => {
    const broken = await rulesBrokenBy(
      'plugins/pipelines-backend/src/x.ts',
      `${PREFIX}pipelines-common`,
    );
    assert.ok(!broken.includes('no-restricted-imports'), String(broken));
  });

  it('has a place for every package', () => {
    for (const folder of ['packages', 'plugins', 'examples']) {
      for (const name of fs.readdirSync(inRoot(folder))) {
        const isPackage = fs.existsSync(inRoot(folder, name, 'package.json'));
        const hasLint = ['.eslintrc.js', '.eslintrc.cjs'].some(file =>
          fs.existsSync(inRoot(folder, name, file)),
        );
        assert.equal(hasLint, isPackage, path.join(folder, name));
      }
    }
  });
});

describe('the rooms of the backend', () => {
  const file = 'plugins/pipelines-backend/src/worker/x.ts';

  it('may not reach into another room', async () => {
    const broken = await rulesBrokenBy(file, '../queue/types');
    assert.ok(broken.includes('import/no-restricted-paths'), String(broken));
  });

  it('meet through the index of the other', async () => {
    const broken = await rulesBrokenBy(file, '../queue');
    assert.ok(!broken.includes('import/no-restricted-paths'), String(broken));
  });
});
