const USERS = [
  {
    userEntityRef: 'user:default/ada',
    displayName: 'Ada Brandt',
    description: 'Admin',
  },
  { userEntityRef: 'user:default/noor', displayName: 'Noor Haddad' },
];

/** How long the tokens of {@link demoBackend} last. */
export const TOKEN_LIFETIME_SECONDS = 3_600;

interface Failure {
  status: number;
  name: string;
  message: string;
}

function failed({ status, name, message }: Failure): Response {
  return Response.json(
    { error: { name, message }, response: { statusCode: status } },
    { status },
  );
}

/** Answers `fetch` as the demo auth provider of the backend does. */
export function demoBackend() {
  const realFetch = global.fetch;
  let requests: string[] = [];
  let failure: Failure | undefined;
  let issued = 0;

  async function answer(url: string, init?: RequestInit): Promise<Response> {
    const path = new URL(url).pathname.replace(/^\/api\/auth/, '');
    requests.push(`${init?.method ?? 'GET'} ${path}`);
    if (failure) {
      const next = failure;
      failure = undefined;
      return failed(next);
    }
    switch (path) {
      case '/demo/users':
        return Response.json({ items: USERS });
      case '/demo/refresh':
        return signIn(JSON.parse(String(init?.body)).userEntityRef);
      case '/.backstage/auth/v1/cookie':
        return new Response(null, { status: 204 });
      default:
        return Response.json({}, { status: 404 });
    }
  }

  function signIn(userEntityRef = USERS[0].userEntityRef): Response {
    if (!USERS.some(user => user.userEntityRef === userEntityRef)) {
      return failed({
        status: 400,
        name: 'InputError',
        message: 'not a demo user',
      });
    }
    issued += 1;
    return Response.json({
      providerInfo: {},
      profile: { displayName: 'Somebody' },
      backstageIdentity: {
        token: `token-${issued}`,
        expiresInSeconds: TOKEN_LIFETIME_SECONDS,
        identity: {
          type: 'user',
          userEntityRef,
          ownershipEntityRefs: [userEntityRef],
        },
      },
    });
  }

  return {
    install() {
      requests = [];
      failure = undefined;
      issued = 0;
      global.fetch = (input, init) => answer(String(input), init);
    },
    uninstall() {
      global.fetch = realFetch;
    },
    /** The next request fails in this way, whatever it asks for. */
    failNext(next: Failure) {
      failure = next;
    },
    /** What was asked for, such as `POST /demo/refresh`. */
    requests: () => requests,
  };
}
