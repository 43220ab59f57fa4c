import type { JsonObject } from '@backstage/types';
import { checkSecretParameters, secretPaths } from './secretPaths';

const secret = { type: 'string', writeOnly: true };
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

function check(schema: JsonObject, templates = {}, hasKey = true) {
  return checkSecretParameters({ schema, templates, hasKey });
}

describe('secretPaths', () => {
  it('finds what is marked, and not what is only called so', () => {
    const schema = object({
      token: secret,
      writeOnly: { type: 'boolean' },
      format: { enum: ['password'] },
      target: object({ password: { type: 'string', format: 'password' } }),
    });
    expect(secretPaths(schema)).toEqual([['token'], ['target', 'password']]);
    expect(check(schema)).toEqual([]);
  });
});

describe('checkSecretParameters', () => {
  it('finds nothing wrong with a schema without secrets, with no key', () => {
    expect(check(object({ n: { type: 'number' } }), {}, false)).toEqual([]);
  });

  it('says that a key is missing', () => {
    expect(check(object({ token: secret }), {}, false)).toEqual([
      `parameters: token cannot be kept secret without a key; set 'pipelines.secrets.key'`,
    ]);
  });

  it.each([
    object({ list: { type: 'array', items: secret } }),
    object({}, { additionalProperties: secret }),
    object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: secret } }),
    object({}, { allOf: [object({ a: secret })] }),
  ])('refuses marks that would not be obeyed: %j', schema => {
    expect(check(schema)).toEqual([
      expect.stringContaining('are understood only at properties'),
    ]);
  });

  it.each([
    object({ a: { ...secret, default: 'canary' } }),
    object({ a: { ...secret, enum: ['canary'] } }),
    object({ o: object({ a: secret }, { default: { a: 'canary' } }) }),
    object({ o: object({ a: secret }) }, { default: { o: { a: 'canary' } } }),
  ])('refuses a schema that tells the secret: %j', schema => {
    expect(check(schema)).toEqual([
      expect.stringMatching(/may have no '(default|enum)'/),
    ]);
  });

  it('refuses a secret that is no text, and one that a title would show', () => {
    expect(
      check(object({ pin: { type: 'integer', writeOnly: true } })),
    ).toEqual([`parameters: the secret 'pin' must have the type 'string'`]);
    expect(
      check(object({ token: secret }), {
        titleTemplate: 'With ${{ parameters.token }}',
      }),
    ).toEqual([
      `titleTemplate: 'token' is a secret parameter and cannot be shown`,
    ]);
  });
});
