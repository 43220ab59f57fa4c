const SIGN_IN_TIMEOUT_MS = 30_000;
const SIGN_IN_POLL_MS = 200;

/** Calls the API of a running portal as one user. */
export interface PortalApi {
  /** A token of that user, for calls of another kind. */
  token: string;
  /** Sends a request to a path such as `/api/pipelines/runs`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /**
   * Sends a request and reads the JSON answer.
   *
   * @throws an error with status and body when the answer is not a success
   */
  json<T = unknown>(path: string, init?: RequestInit): Promise<T>;
  /** Sends a JSON body with POST and reads the JSON answer. */
  post<T = unknown>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
}

/**
 * Signs in at a portal whose demo users are on.
 *
 * @remarks
 * Right after the start of a new portal the catalog does not know its users yet,
 * so this asks again for up to half a minute.
 *
 * @param url - of the portal, such as `http://localhost:7007`
 * @param userEntityRef - one of the demo users; default: the first
 */
export async function signInAs(
  url: string,
  userEntityRef?: string,
): Promise<PortalApi> {
  await waitForUser(url, userEntityRef);
  return portalApi(url, await requestToken(url, userEntityRef));
}

/** Calls the API with a token that was got elsewhere. */
export function portalApi(url: string, token: string): PortalApi {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
  const json = async <T>(path: string, init?: RequestInit): Promise<T> =>
    (await readJson(await call(path, init))) as T;
  return {
    token,
    fetch: call,
    json,
    post: <T>(
      path: string,
      body: unknown,
      headers: Record<string, string> = {},
    ) =>
      json<T>(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
  };
}

async function waitForUser(
  url: string,
  userEntityRef: string | undefined,
): Promise<void> {
  const deadline = Date.now() + SIGN_IN_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const { items } = (await readJson(
      await fetch(`${url}/api/auth/demo/users`),
    )) as { items: Array<{ userEntityRef: string; displayName?: string }> };
    const user = userEntityRef
      ? items.find(item => item.userEntityRef === userEntityRef)
      : items[0];
    // Without a name the catalog does not know the user yet; sign-in says the rest.
    if (!user || user.displayName) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, SIGN_IN_POLL_MS));
  }
}

async function requestToken(
  url: string,
  userEntityRef: string | undefined,
): Promise<string> {
  const answer = await fetch(`${url}/api/auth/demo/refresh`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-requested-with': 'XMLHttpRequest',
    },
    body: JSON.stringify({ userEntityRef }),
  });
  const session = (await readJson(answer)) as {
    backstageIdentity: { token: string };
  };
  return session.backstageIdentity.token;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) {
    throw new Error(
      `${response.url} answered ${response.status}: ${text.slice(0, 500)}`,
    );
  }
  return JSON.parse(text);
}
