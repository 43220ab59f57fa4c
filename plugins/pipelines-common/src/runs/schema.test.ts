import { BulkFilterSchema } from '../bulk/schema';
import { ListRunsQuerySchema, SubmitRunRequestSchema } from './schema';

const submit = (json: string) =>
  SubmitRunRequestSchema.safeParse(JSON.parse(json));

describe('SubmitRunRequestSchema', () => {
  it('takes a pipeline with parameters', () => {
    expect(submit('{"pipelineId":"a","parameters":{"x":[1]}}').success).toBe(
      true,
    );
  });

  it.each([
    '{}',
    '[]',
    '{"pipelineId":""}',
    '{"pipelineId":"a","extra":1}',
    '{"pipelineId":"a","parameters":[]}',
    '{"pipelineId":"a","parameters":{"__proto__":{"admin":true}}}',
    '{"pipelineId":"a","parameters":{"constructor":1}}',
    '{"pipelineId":"a","parameters":{"a":[{"__proto__":{"admin":true}}]}}',
    `{"pipelineId":"a","parameters":{"a":${'['.repeat(99)}${']'.repeat(99)}}}`,
    `{"pipelineId":"a","parameters":{"a":[${'1,'.repeat(10_000)}1]}}`,
    `{"pipelineId":"a","parameters":{"${'k'.repeat(1_001)}":1}}`,
    '{"pipelineId":"a","labels":{"prototype":"x"}}',
    '{"pipelineId":"a","labels":{"a b":"x"}}',
    '{"pipelineId":"a","priority":1.5}',
    '{"pipelineId":"a","priority":1000}',
    '{"pipelineId":"a","runAt":"tomorrow"}',
  ])('refuses %s', json => {
    expect(submit(json).success).toBe(false);
  });
});

describe('ListRunsQuerySchema', () => {
  it('reads comma lists and fills in the page size', () => {
    expect(
      ListRunsQuerySchema.parse({ state: 'failed,timed_out', pipeline: 'a' }),
    ).toEqual({ limit: 50, state: ['failed', 'timed_out'], pipeline: ['a'] });
  });

  it('gathers labels, and reads exclusions, text and durations', () => {
    expect(
      ListRunsQuerySchema.parse({
        'state.not': 'failed',
        'trigger.not': 'schedule,api',
        submittedBy: 'user:default/ada,service:console',
        'label.team': 'data',
        'label.app.example.org/part': '',
        q: '  502 Bad ',
        minDuration: '60',
        maxDuration: '60',
      }),
    ).toEqual({
      limit: 50,
      'state.not': ['failed'],
      'trigger.not': ['schedule', 'api'],
      submittedBy: ['user:default/ada', 'service:console'],
      label: { team: 'data', 'app.example.org/part': '' },
      q: '502 Bad',
      minDuration: 60,
      maxDuration: 60,
    });
  });

  it.each([
    { limit: '0' },
    { limit: '-1' },
    { limit: '1000000000' },
    { limit: 'x' },
    { limit: '' },
    { cursor: '' },
    { cursor: 'x'.repeat(513) },
    { state: 'exploded' },
    { state: ['failed', 'lost'] },
    { from: 'yesterday' },
    { 'state.not': 'exploded' },
    { 'trigger.not': ',' },
    { submittedBy: 'x'.repeat(301) },
    { submittedBy: 'a\0' },
    { 'label.': 'data' },
    { label: 'data' },
    { label: 'data', 'label.team': 'data' },
    { 'label.a b': 'data' },
    { 'label.__proto__': 'data' },
    { 'label.team': ['a', 'b'] },
    { 'label.team': 'x'.repeat(201) },
    { 'label.team': 'a\0' },
    Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => [`label.l${index}`, 'x']),
    ),
    { q: '  ' },
    { q: 'x'.repeat(201) },
    { q: 'a\0' },
    { q: 'a\ud800' },
    { minDuration: '' },
    { minDuration: '1.5' },
    { minDuration: '-1' },
    { maxDuration: '999999999999' },
    { minDuration: '61', maxDuration: '60' },
  ])('refuses %j', query => {
    expect(ListRunsQuerySchema.safeParse(query).success).toBe(false);
  });
});

describe('BulkFilterSchema', () => {
  it.each([
    { label: JSON.parse('{"__proto__":"x"}') },
    { label: { 'a b': 'x' } },
    { q: '' },
    { submittedBy: [] },
    { minDuration: 2, maxDuration: 1 },
    { minDuration: '2' },
  ])('refuses %j', filter => {
    expect(BulkFilterSchema.safeParse(filter).success).toBe(false);
  });
});
