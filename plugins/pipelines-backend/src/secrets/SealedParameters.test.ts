import type { JsonObject } from '@backstage/types';
import { SealedParameters } from './SealedParameters';

const KEY = 'the first key of this test, long enough';
const SECOND_KEY = 'the second key of this test, as long';
const DEFINITION = {
  id: 'publish',
  parameters: {
    type: 'object',
    properties: {
      meeting: { type: 'string' },
      token: { type: 'string', writeOnly: true },
      target: {
        type: 'object',
        properties: {
          host: { type: 'string' },
          password: { type: 'string', format: 'password' },
        },
      },
    },
  } as JsonObject,
};
const PARAMETERS = {
  meeting: '2026-11-21',
  token: 'tok-canary-1',
  target: { host: 'db.test', password: 'p4ss-canary' },
};
const MASKED = {
  meeting: '2026-11-21',
  token: '••••',
  target: { host: 'db.test', password: '••••' },
};

describe('SealedParameters', () => {
  const sealedParameters = new SealedParameters({ keys: [KEY] });

  it('masks secrets at the top and in objects, and brings them back', () => {
    const { masked, sealed } = sealedParameters.seal(DEFINITION, PARAMETERS);

    expect(masked).toEqual(MASKED);
    expect(sealed?.toString('latin1')).not.toContain('canary');
    const values = sealedParameters.open(sealed!);
    expect(values.map(({ value }) => value)).toEqual([
      'tok-canary-1',
      'p4ss-canary',
    ]);
    expect(sealedParameters.merge(masked, values)).toEqual(PARAMETERS);
    expect(PARAMETERS.token).toBe('tok-canary-1');
  });

  it('seals nothing where nothing secret was given', () => {
    const parameters = { meeting: 'm', token: '', target: { host: 'h' } };
    expect(sealedParameters.seal(DEFINITION, parameters)).toEqual({
      masked: parameters,
    });
  });

  it('never seals the same twice, but recognizes the same by its fingerprint', () => {
    const first = sealedParameters.seal(DEFINITION, PARAMETERS);
    const second = sealedParameters.seal(DEFINITION, PARAMETERS);
    const other = sealedParameters.seal(DEFINITION, {
      ...PARAMETERS,
      token: 'tok-canary-2',
    });

    expect(first.sealed).not.toEqual(second.sealed);
    expect(first.fingerprint).toBe(second.fingerprint);
    expect(first.fingerprint).not.toBe(other.fingerprint);
  });

  it('opens with an older key, seals with the newest, and names what to do without the key', () => {
    const { sealed, fingerprint } = sealedParameters.seal(
      DEFINITION,
      PARAMETERS,
    );
    const rotated = new SealedParameters({ keys: [SECOND_KEY, KEY] });
    const renewed = new SealedParameters({ keys: [SECOND_KEY] });

    expect(rotated.open(sealed!)).toHaveLength(2);
    expect(rotated.seal(DEFINITION, PARAMETERS).fingerprint).toBe(fingerprint);
    const fresh = rotated.seal(DEFINITION, PARAMETERS).sealed!;
    expect(renewed.open(fresh)).toHaveLength(2);
    expect(() => renewed.open(sealed!)).toThrow(`'pipelines.secrets.keys'`);
    const none = new SealedParameters({ keys: [] });
    expect(() => none.seal(DEFINITION, PARAMETERS)).toThrow(
      `set 'pipelines.secrets.key'`,
    );
  });

  it('opens nothing of which a single bit was changed', () => {
    const { sealed } = sealedParameters.seal(DEFINITION, PARAMETERS);
    for (let index = 0; index < sealed!.length; index++) {
      const changed = Buffer.from(sealed!);
      changed[index] ^= 1;
      expect(() => sealedParameters.open(changed)).toThrow();
    }
    expect(() => sealedParameters.open(Buffer.of(1, 2, 3))).toThrow('damaged');
  });

  it('refuses a secret that is too short to be redacted, and the mask of one', () => {
    const seal = (token: string) => () =>
      sealedParameters.seal(DEFINITION, { token });
    expect(seal('12345')).toThrow(
      `The secret parameter 'token' must have at least 6 bytes`,
    );
    expect(seal('••••')).toThrow(
      `The secret parameter 'token' must be typed again`,
    );
    expect(seal('123456')).not.toThrow();
  });
});
