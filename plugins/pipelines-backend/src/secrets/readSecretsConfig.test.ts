import { ConfigReader } from '@backstage/config';
import { readSecretsConfig } from './readSecretsConfig';

const read = (secrets: object) =>
  readSecretsConfig(new ConfigReader({ pipelines: { secrets } }));

describe('readSecretsConfig', () => {
  it('puts the key before the former ones, each once', () => {
    const [newest, former] = ['n'.repeat(24), 'f'.repeat(24)];
    expect(read({ key: newest, keys: [newest, former] })).toEqual({
      keys: [newest, former],
    });
    expect(read({ keys: [newest, former] }).keys).toEqual([newest, former]);
    expect(readSecretsConfig(new ConfigReader({})).keys).toEqual([]);
  });

  it('refuses a key that could be guessed, without repeating it', () => {
    expect(() => read({ key: 'hunter2' })).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hunter2'),
      }),
    );
  });
});
