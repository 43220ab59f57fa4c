import { ResponseError } from '@backstage/errors';
import { DiscoveryApi } from '@backstage/frontend-plugin-api';
import { z } from 'zod';

const demoUserSchema = z.object({
  userEntityRef: z.string(),
  displayName: z.string().optional(),
  description: z.string().optional(),
});

const demoUsersSchema = z.object({ items: z.array(demoUserSchema) });

const demoSessionSchema = z.object({
  profile: z.object({
    displayName: z.string().optional(),
    email: z.string().optional(),
  }),
  backstageIdentity: z.object({
    token: z.string(),
    expiresInSeconds: z.number(),
    identity: z.object({
      type: z.literal('user'),
      userEntityRef: z.string(),
      ownershipEntityRefs: z.array(z.string()),
    }),
  }),
});

/** A user to choose from; name and description are absent while the catalog is being read. */
export type DemoUser = z.infer<typeof demoUserSchema>;

/** A signed-in demo user with a Backstage token. */
export type DemoSession = z.infer<typeof demoSessionSchema>;

/**
 * Talks to the demo auth provider of the backend.
 *
 * @remarks
 * It uses the browser's own `fetch`: that of Backstage waits for a signed-in user.
 */
export class DemoAuthClient {
  static create(options: { discoveryApi: DiscoveryApi }): DemoAuthClient {
    return new DemoAuthClient(options.discoveryApi);
  }

  private constructor(private readonly discoveryApi: DiscoveryApi) {}

  /** The users to choose from, in the configured order. */
  async listUsers(): Promise<DemoUser[]> {
    const { items } = demoUsersSchema.parse(await this.request('/demo/users'));
    return items;
  }

  /** A new token for the user, or for the first user when none is named. */
  async signIn(userEntityRef?: string): Promise<DemoSession> {
    const answer = await this.request('/demo/refresh', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Requested-With': 'XMLHttpRequest',
      },
      body: JSON.stringify({ userEntityRef }),
    });
    return demoSessionSchema.parse(answer);
  }

  /** Takes back the cookie that lets images and downloads be read as the current user. */
  async forgetCookie(): Promise<void> {
    await this.request('/.backstage/auth/v1/cookie', { method: 'DELETE' });
  }

  private async request(path: string, init?: RequestInit): Promise<unknown> {
    const baseUrl = await this.discoveryApi.getBaseUrl('auth');
    const response = await fetch(`${baseUrl}${path}`, {
      credentials: 'include',
      ...init,
    });
    if (!response.ok) {
      // The cause has the name and the sentence that the backend gave.
      throw (await ResponseError.fromResponse(response)).cause;
    }
    return response.status === 204 ? undefined : response.json();
  }
}
