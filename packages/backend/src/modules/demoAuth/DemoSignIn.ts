import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  AuthResolverContext,
  ClientAuthResponse,
  prepareBackstageIdentityResponse,
} from '@backstage/plugin-auth-node';
import { DemoAuthConfig } from './readDemoAuthConfig';

/** Signs in one of the fixed demo users with the groups that the catalog gives them. */
export class DemoSignIn {
  static create(options: {
    config: DemoAuthConfig;
    context: AuthResolverContext;
  }): DemoSignIn {
    return new DemoSignIn(options.config, options.context);
  }

  private constructor(
    private readonly config: DemoAuthConfig,
    private readonly context: AuthResolverContext,
  ) {}

  /**
   * Issues a token.
   *
   * @param userEntityRef - one of the configured users; the first of them when absent
   * @throws InputError for a user that is not configured
   * @throws ServiceUnavailableError while the catalog does not know the user yet
   */
  async signIn(
    userEntityRef: string = this.config.userEntityRefs[0],
  ): Promise<ClientAuthResponse<{}>> {
    if (!this.config.userEntityRefs.includes(userEntityRef)) {
      throw new InputError(
        `'${userEntityRef}' is not a demo user; choose one of ${this.config.userEntityRefs.join(
          ', ',
        )}`,
      );
    }
    const entity = await this.findUser(userEntityRef);
    const { ownershipEntityRefs } =
      await this.context.resolveOwnershipEntityRefs(entity);
    const { token } = await this.context.issueToken({
      claims: { sub: userEntityRef, ent: ownershipEntityRefs },
    });
    return {
      providerInfo: {},
      profile: readProfile(entity),
      backstageIdentity: prepareBackstageIdentityResponse({
        token,
        identity: { type: 'user', userEntityRef, ownershipEntityRefs },
      }),
    };
  }

  // A token without groups would leave the user without rights until it expires, so a portal
  // that is still reading its catalog makes the caller wait instead.
  private async findUser(userEntityRef: string) {
    try {
      const { entity } = await this.context.findCatalogUser({
        entityRef: userEntityRef,
      });
      return entity;
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFoundError') {
        throw new ServiceUnavailableError(
          `The catalog does not know '${userEntityRef}' yet; try again in a few seconds, and check 'catalog.locations' if it stays so`,
        );
      }
      throw error;
    }
  }
}

function readProfile(
  entity: Awaited<ReturnType<AuthResolverContext['findCatalogUser']>>['entity'],
) {
  const profile = entity.spec?.profile;
  if (typeof profile !== 'object' || profile === null) {
    return {};
  }
  const { displayName, email } = profile as {
    displayName?: unknown;
    email?: unknown;
  };
  return {
    displayName: typeof displayName === 'string' ? displayName : undefined,
    email: typeof email === 'string' ? email : undefined,
  };
}
