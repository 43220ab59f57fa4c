import {
  BackstageUserIdentity,
  IdentityApi,
  ProfileInfo,
} from '@backstage/frontend-plugin-api';
import { DemoAuthClient, DemoSession } from './DemoAuthClient';
import { writeDemoUserChoice } from './demoUserChoice';

/** A token is renewed this long before it ends. */
const RENEWAL_MARGIN_MS = 5 * 60_000;

/** The signed-in demo user; renews its token as long as the page is open. */
export class DemoIdentity implements IdentityApi {
  static create(options: {
    client: DemoAuthClient;
    session: DemoSession;
    now?: () => number;
  }): DemoIdentity {
    return new DemoIdentity(
      options.client,
      options.session,
      options.now ?? Date.now,
    );
  }

  private renewAt: number;
  private renewal?: Promise<void>;

  private constructor(
    private readonly client: DemoAuthClient,
    private session: DemoSession,
    private readonly now: () => number,
  ) {
    this.renewAt = this.renewalTime(session);
  }

  async getProfileInfo(): Promise<ProfileInfo> {
    return this.session.profile;
  }

  async getBackstageIdentity(): Promise<BackstageUserIdentity> {
    return this.session.backstageIdentity.identity;
  }

  async getCredentials(): Promise<{ token?: string }> {
    if (this.now() >= this.renewAt) {
      // Many requests may ask at the same moment; they share one renewal.
      this.renewal ??= this.renew().finally(() => {
        this.renewal = undefined;
      });
      await this.renewal;
    }
    return { token: this.session.backstageIdentity.token };
  }

  async signOut(): Promise<void> {
    writeDemoUserChoice('ask');
    await this.client.forgetCookie();
  }

  private async renew(): Promise<void> {
    const { userEntityRef } = this.session.backstageIdentity.identity;
    this.session = await this.client.signIn(userEntityRef);
    this.renewAt = this.renewalTime(this.session);
  }

  private renewalTime({ backstageIdentity }: DemoSession): number {
    return (
      this.now() +
      backstageIdentity.expiresInSeconds * 1_000 -
      RENEWAL_MARGIN_MS
    );
  }
}
