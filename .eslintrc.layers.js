const fs = require('fs');
const path = require('path');
const backstageConfig = require('@backstage/cli/config/eslint-factory');

const PREFIX = '@millrace/backstage-plugin-';

/**
 * Which packages of the suite each package may import: common -> node -> backend,
 * node -> modules, common -> react -> frontends. A package that is missing here
 * fails lint, so a new one has to be placed before it is used.
 */
const MAY_IMPORT = {
  'plugins/pipelines-common': [],
  'plugins/pipelines-node': ['pipelines-common'],
  'plugins/pipelines-backend': ['pipelines-common', 'pipelines-node'],
  'plugins/search-backend-module-pipelines': [
    'pipelines-common',
    'pipelines-node',
  ],
  'plugins/catalog-backend-module-pipelines': [
    'pipelines-common',
    'pipelines-node',
  ],
  'plugins/pipelines-react': ['pipelines-common'],
  'plugins/pipelines': ['pipelines-common', 'pipelines-react'],
  'packages/app': ['pipelines', 'pipelines-common', 'pipelines-react'],
  'packages/backend': [
    'catalog-backend-module-pipelines',
    'pipelines-backend',
    'pipelines-common',
    'pipelines-node',
    'search-backend-module-pipelines',
  ],
  'examples/ingest-meetings': [],
  'examples/nightly-report': [],
  'examples/transcode': [],
  'examples/video-insights': [],
};

const SUITE = [
  'catalog-backend-module-pipelines',
  'pipelines',
  'pipelines-backend',
  'pipelines-common',
  'pipelines-node',
  'pipelines-react',
  'search-backend-module-pipelines',
];

/** Packages whose folders under src are rooms, and the folders that all rooms share. */
const SHARED_FOLDERS = {
  'plugins/pipelines-backend': ['database', 'http', 'permissions'],
};

/** Lint of one package: what its role asks for, and what it may import. */
module.exports.forPackage = directory => {
  const place = path.relative(__dirname, directory).split(path.sep).join('/');
  const allowed = MAY_IMPORT[place];
  if (!allowed) {
    throw new Error(
      `Package '${place}' has no place in MAY_IMPORT of .eslintrc.layers.js; add it there with the packages it may import`,
    );
  }
  const forbidden = SUITE.filter(name => !allowed.includes(name));
  const rooms = roomZones(directory, SHARED_FOLDERS[place]);
  return backstageConfig(directory, {
    restrictedImports: forbidden.map(name => ({
      name: `${PREFIX}${name}`,
      message: `'${place}' may not import '${name}': see the import direction in docs/ARCHITECTURE.md.`,
    })),
    restrictedImportPatterns: forbidden.map(name => `${PREFIX}${name}/*`),
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
    },
    rules: {
      '@backstage/no-mixed-plugin-imports': 'error',
      // Helpers that expect something are named so.
      'jest/expect-expect': ['warn', { assertFunctionNames: ['expect*'] }],
      ...(rooms.length > 0 && {
        'import/no-restricted-paths': [
          'error',
          { basePath: directory, zones: rooms },
        ],
      }),
    },
    // A test may look into the room next door to prepare what it needs.
    testRules: { 'import/no-restricted-paths': 'off' },
  });
};

/** Lint of the scripts and tests of the whole repository, run by Node as they are. */
module.exports.forPrograms = directory =>
  backstageConfig.createConfigForRole(directory, 'node-library', {
    rules: {
      'import/extensions': ['error', 'ignorePackages'],
      // Programs report to the terminal and read their folder from import.meta.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSEnumDeclaration, TSParameterProperty',
          message: 'Node runs these files by taking the types away.',
        },
      ],
    },
  });

/** Rooms meet through the other's index.ts, never through its files. */
function roomZones(directory, sharedFolders) {
  if (!sharedFolders) {
    return [];
  }
  return fs
    .readdirSync(path.join(directory, 'src'), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('_'))
    .map(entry => entry.name)
    .filter(name => !sharedFolders.includes(name))
    .map(name => ({
      target: `./src/!(${name})/**/*`,
      from: `./src/${name}`,
      except: ['./index.ts'],
      message: `Import from '${name}/index.ts': rooms meet through it.`,
    }));
}
