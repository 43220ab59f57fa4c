import { createMessageRedactor } from './redactMessage';

describe('createMessageRedactor', () => {
  const secret = 'c4nary"\\/é-word';
  const redact = createMessageRedactor([secret, '8675309']);

  it('hides a secret in any text of a message, keys included', () => {
    expect(
      redact({
        type: 'output',
        name: `of ${secret}`,
        json: {
          [secret]: [secret, { deep: `a${secret}b` }],
          url: encodeURIComponent(secret),
          count: 1,
          none: null,
        },
      }),
    ).toEqual({
      type: 'output',
      name: 'of [redacted]',
      json: {
        '[redacted]': ['[redacted]', { deep: 'a[redacted]b' }],
        url: '[redacted]',
        count: 1,
        none: null,
      },
    });
  });

  it('leaves a message without secrets as it is', () => {
    const message = { type: 'progress', progress: 0.5 } as const;
    expect(redact(message)).toEqual(message);
    expect(createMessageRedactor([])(message)).toBe(message);
  });

  it('refuses a message that a secret cannot be taken out of', () => {
    const message = { type: 'metric', name: 'n', value: 8675309 } as const;
    expect(() => redact(message)).toThrow('a secret');
  });
});
