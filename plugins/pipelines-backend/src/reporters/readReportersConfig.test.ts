import { ConfigReader } from '@backstage/config';
import { checkReporterTokens } from './checkReporterTokens';
import { readReportersConfig } from './readReportersConfig';

function read(reporters: object) {
  return readReportersConfig({
    config: new ConfigReader({
      pipelines: { reporters: JSON.parse(JSON.stringify(reporters)) },
    }),
    pipelineIds: ['nightly'],
  });
}

describe('the reporters of the configuration', () => {
  it('are none when there are none', () => {
    const none = readReportersConfig({
      config: new ConfigReader({}),
      pipelineIds: [],
    });
    expect(none.size).toBe(0);
  });

  it('have subjects in full, and the pipelines that they may report', () => {
    expect(
      read({
        cron: {
          subjects: ['external:cron', 'user:ada'],
          pipelines: ['nightly'],
        },
      }).get('cron'),
    ).toEqual({
      name: 'cron',
      subjects: ['external:cron', 'user:default/ada'],
      pipelines: ['nightly'],
    });
  });

  it('are refused with every problem of every one', () => {
    const wrong = () =>
      read({
        'No Good': { subjects: ['external:cron'] },
        second: { subjects: [] },
        third: { subjects: ['external:cron'], pipelines: ['nope'] },
        fourth: { subjects: ['a b'], token: 'x' },
      });
    expect(wrong).toThrow(/No Good: the name may have/);
    expect(wrong).toThrow(/second: subjects/);
    expect(wrong).toThrow(/third: pipelines: there is no pipeline 'nope'/);
    expect(wrong).toThrow(/fourth: .*token/);
  });
});

describe('the tokens of reporters', () => {
  const check = (accessRestrictions?: object[]) =>
    checkReporterTokens({
      config: new ConfigReader({
        backend: {
          auth: {
            externalAccess: [
              {
                type: 'static',
                options: { token: 'x', subject: 'external:cron' },
                ...(accessRestrictions && {
                  accessRestrictions: JSON.parse(
                    JSON.stringify(accessRestrictions),
                  ),
                }),
              },
              {
                type: 'static',
                options: { token: 'y', subject: 'external:other' },
              },
            ],
          },
        },
      }),
      reporters: read({ cron: { subjects: ['external:cron'] } }).values(),
    });

  it('must name the permissions that they are for, and others need not', () => {
    expect(() => check()).not.toThrow(/external:other/);
    expect(() => check()).toThrow(/external:cron, of reporter 'cron'/);
    expect(() => check()).toThrow(/permission: \[pipelines\.run\.report\]/);
    expect(() => check([{ plugin: 'pipelines' }])).toThrow(/external:cron/);
    expect(() =>
      check([{ plugin: 'pipelines', permission: 'pipelines.run.report' }]),
    ).not.toThrow();
  });
});
