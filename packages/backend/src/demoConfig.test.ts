import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import {
  isPipelinesAvailable,
  pipelineReadPermission,
  pipelineRunPermission,
  runReadPermission,
  runReportPermission,
} from '@millrace/backstage-plugin-pipelines-common';
import fs from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { readDemoAuthConfig } from './modules/demoAuth/readDemoAuthConfig';
import {
  ADMINS_GROUP,
  READERS_GROUP,
} from './modules/permissionPolicy/MillracePolicy';

const ROOT = path.resolve(__dirname, '../../..');

function readText(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8');
}

const config = new ConfigReader(parse(readText('app-config.demo.yaml')));

const entities = config
  .getConfigArray('catalog.locations')
  .map(location => location.getString('target').replace(/^\$\{[^}]*\}\//, ''))
  .flatMap(file => parseAllDocuments(readText(file)))
  .map(document => document.toJS() as Entity);

const entityRefs = entities.map(entity => stringifyEntityRef(entity));

const definitions = config.getConfig('pipelines.definitions');

describe('the configuration of the demo', () => {
  it('has three teams, two roles and five users that the catalog knows', () => {
    const users = readDemoAuthConfig(config)?.userEntityRefs ?? [];
    expect(users).toHaveLength(5);
    expect(entityRefs).toEqual(
      expect.arrayContaining([...users, ADMINS_GROUP, READERS_GROUP]),
    );
    const teams = entities.filter(({ spec }) => spec?.type === 'team');
    expect(teams).toHaveLength(3);
  });

  it('has a first user who is an admin, and one who only reads', () => {
    const [first] = readDemoAuthConfig(config)?.userEntityRefs ?? [];
    const groupsOf = (ref: string) =>
      entities.find(entity => stringifyEntityRef(entity) === ref)?.spec
        ?.memberOf;
    expect(groupsOf(first)).toContain(ADMINS_GROUP.split('/')[1]);
    expect(groupsOf('user:default/kenji')).toEqual([
      READERS_GROUP.split('/')[1],
    ]);
  });

  it('lets reporters do no more than report, run pipelines and see what came of it', () => {
    const [token] = config.getConfigArray('backend.auth.externalAccess');
    const subjects = config.getStringArray(
      'pipelines.reporters.nightly-cron.subjects',
    );
    expect(subjects).toContain(token.getString('options.subject'));
    const [restriction, ...others] = token.getConfigArray('accessRestrictions');
    expect(others).toEqual([]);
    expect(restriction.getString('plugin')).toBe('pipelines');
    expect(restriction.getStringArray('permission')).toEqual(
      [
        runReportPermission,
        pipelineReadPermission,
        pipelineRunPermission,
        runReadPermission,
      ].map(({ name }) => name),
    );
  });

  it.each(definitions.keys())(
    'has an owner and an entity in the catalog for %s',
    pipelineId => {
      const definition = definitions.getConfig(pipelineId);
      expect(entityRefs).toContain(definition.getString('owner'));
      const entityRef = definition.getString('entity');
      const entity = entities.find(
        candidate => stringifyEntityRef(candidate) === entityRef,
      );
      expect(entity && isPipelinesAvailable(entity)).toBe(true);
    },
  );

  const started = definitions
    .keys()
    .filter(id => definitions.getOptionalString(`${id}.engine`) !== 'outside');
  it.each(started)('starts a program that is there for %s', id => {
    const [file] = definitions
      .getStringArray(`${id}.command`)
      .filter(argument => argument.startsWith('examples/'));
    expect(fs.existsSync(path.join(ROOT, file))).toBe(true);
  });
});
