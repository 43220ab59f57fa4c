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
  ])('refuses %j', query => {
    expect(ListRunsQuerySchema.safeParse(query).success).toBe(false);
  });
});
