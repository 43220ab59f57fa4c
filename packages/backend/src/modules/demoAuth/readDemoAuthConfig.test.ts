import { ConfigReader } from '@backstage/config';
import { readDemoAuthConfig } from './readDemoAuthConfig';

function read(config: { demo?: boolean; users?: string[] }) {
  return readDemoAuthConfig(
    new ConfigReader({
      demo: config.demo,
      auth: { providers: { demo: { users: config.users } } },
    }),
  );
}

describe('readDemoAuthConfig', () => {
  it('does nothing in a portal without the demo provider', () => {
    expect(readDemoAuthConfig(new ConfigReader({}))).toBeUndefined();
    expect(
      readDemoAuthConfig(new ConfigReader({ auth: { providers: {} } })),
    ).toBeUndefined();
  });

  it('keeps the order of the users and completes their refs', () => {
    expect(read({ demo: true, users: ['user:default/b', 'a'] })).toEqual({
      userEntityRefs: ['user:default/b', 'user:default/a'],
    });
  });

  it.each([undefined, false])(
    "refuses the provider when 'demo' is %s",
    demo => {
      expect(() => read({ demo, users: ['user:default/a'] })).toThrow(
        /needs 'demo: true'/,
      );
    },
  );

  it.each([
    { what: 'no list', users: undefined, message: /names no user/ },
    { what: 'an empty list', users: [], message: /names no user/ },
    {
      what: 'a group',
      users: ['group:default/media'],
      message: /'group:default\/media', which is not a user/,
    },
    {
      what: 'a user twice',
      users: ['user:default/a', 'User:default/A'],
      message: /names a user twice/,
    },
  ])('refuses $what', ({ users, message }) => {
    expect(() => read({ demo: true, users })).toThrow(message);
  });
});
