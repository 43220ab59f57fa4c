import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { randomBytes } from 'node:crypto';
import { completePipeline } from '../__testUtils__/createTestDefinitions';
import { readTriggersConfig } from './readTriggersConfig';

const SECRET = randomBytes(32).toString('base64');
const PIPELINES = [
  completePipeline({
    id: 'ingest',
    parameters: {
      type: 'object',
      additionalProperties: false,
      required: ['url', 'mode'],
      properties: {
        url: { type: 'string' },
        mode: { type: 'string', default: 'fast' },
        token: { type: 'string', writeOnly: true },
        login: {
          type: 'object',
          properties: { password: { type: 'string', format: 'password' } },
        },
      },
    },
  }),
  completePipeline({ id: 'own', internal: true }),
];
const MAPPING = { pipeline: 'ingest', parameters: { url: '${{ body.url }}' } };

const read = (pipelines: JsonObject, definitions = PIPELINES) =>
  readTriggersConfig(new ConfigReader({ pipelines }), definitions);
const followedBy = (parameters: JsonObject) => [
  ...PIPELINES,
  completePipeline({
    id: 'next',
    after: [{ pipelineId: 'ingest', parameters }],
  }),
];

describe('readTriggersConfig', () => {
  it('reads nothing where nothing is configured', () => {
    const { maxMissedStarts, watches, webhooks } = read({});
    expect(maxMissedStarts).toBe(100);
    expect([...watches, ...webhooks]).toEqual([]);
  });

  it('reads watches and webhooks with their defaults', () => {
    const { maxMissedStarts, watches, webhooks } = read({
      schedules: { maxMissedStarts: 7 },
      watches: {
        inbox: {
          folder: '/data/inbox',
          stable: { seconds: 5 },
          enabled: false,
          rules: [
            {
              glob: '*.mp4',
              pipeline: 'ingest',
              parameters: { url: '${{ file.path }}' },
            },
          ],
        },
      },
      webhooks: {
        push: { ...MAPPING, secret: `whsec_${SECRET}`, secrets: [SECRET] },
      },
    });
    expect(maxMissedStarts).toBe(7);
    expect(watches.get('inbox')).toEqual({
      usePolling: false,
      rules: [
        {
          glob: '*.mp4',
          pipelineId: 'ingest',
          parameters: { url: '${{ file.path }}' },
          deleteInput: false,
        },
      ],
    });
    expect(webhooks.get('push')).toEqual({
      id: 'push',
      pipelineId: 'ingest',
      secrets: [`whsec_${SECRET}`, SECRET],
      parameters: { url: '${{ body.url }}' },
    });
  });

  it('names every problem at once', () => {
    expect(() =>
      read({
        watches: { inbox: { folder: 'x', rules: [] } },
        webhooks: { push: { ...MAPPING, pipeline: 'nope', secret: SECRET } },
      }),
    ).toThrow(
      /2 problems.*\n.*watches.inbox: rules.*\n.*webhooks.push: there is no pipeline 'nope'/,
    );
  });

  it.each<[string, JsonObject, RegExp]>([
    ['no secret', {}, /there is no secret/],
    ['an empty secret', { secret: '' }, /less than 24 bytes/],
    ['an empty secret among others', { secrets: [SECRET, ''] }, /less than 24/],
    ['a prefix alone', { secret: 'whsec_' }, /less than 24 bytes/],
    ['a short secret', { secret: 'c2hvcnQ=' }, /less than 24 bytes/],
    [
      'a secret that is no base64',
      { secret: 'this is just a sentence of words!' },
      /not in base64/,
    ],
    [
      'another pipeline of ours',
      { secret: SECRET, pipeline: 'own' },
      /there is no pipeline 'own'/,
    ],
    [
      'a parameter that there is not',
      { secret: SECRET, parameters: { url: 'x', nope: 1 } },
      /there is no parameter 'nope'/,
    ],
    [
      'a parameter that nothing gives',
      { secret: SECRET, parameters: {} },
      /the parameter 'url' is missing and has no default/,
    ],
    [
      'a template of something else',
      { secret: SECRET, parameters: { url: '${{ file.path }}' } },
      /'\$\{\{ file.path \}\}' cannot be filled in.*'body'/,
    ],
    ['a key that there is not', { secret: SECRET, url: 'x' }, /url/],
  ])(
    'refuses a webhook with %s, without showing its secrets',
    (_, webhook, message) => {
      const attempt = () =>
        read({ webhooks: { push: { ...MAPPING, ...webhook } } });
      expect(attempt).toThrow(message);
      expect(attempt).not.toThrow(
        new RegExp(SECRET.slice(0, 10).replace(/[+/]/g, '.')),
      );
    },
  );

  it.each<[string, JsonObject, RegExp]>([
    [
      'an odd id',
      { schedules: {}, watches: { 'In Box': {} } },
      /the id may have/,
    ],
    [
      'a number of missed starts that is too large',
      { schedules: { maxMissedStarts: 5_000 } },
      /from 1 to 1000/,
    ],
    [
      'a rule with a template of something else',
      {
        watches: {
          inbox: {
            folder: 'x',
            rules: [
              {
                glob: '*',
                pipeline: 'ingest',
                parameters: { url: '${{ body.url }}' },
              },
            ],
          },
        },
      },
      /rules\[0\]: parameters: .*'file'/,
    ],
  ])('refuses %s', (_, pipelines, message) => {
    expect(() => read(pipelines)).toThrow(message);
  });

  it('takes templates of after that name no secret', () => {
    expect(() =>
      read(
        {},
        followedBy({
          a: '${{ run.parameters.url }} ${{ run.outputs.x.y }}',
          b: '${{ run.parameters.login.name }}',
        }),
      ),
    ).not.toThrow();
  });

  it.each([
    ['${{ run.parameters.token }}', /'token' of 'ingest' is or has a secret/],
    ['${{ run.parameters.login }}', /'login' of 'ingest' is or has a secret/],
    ['${{ run.parameters }}', /'parameters' of 'ingest' is or has a secret/],
    ['${{ run.parameters.login.password }}', /'login.password'/],
    ['${{ body.url }}', /cannot be filled in.*'run'/],
  ])('refuses %s in a template of after', (template, message) => {
    expect(() => read({}, followedBy({ a: template }))).toThrow(message);
  });
});
