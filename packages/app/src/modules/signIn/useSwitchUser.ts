import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useCallback, useEffect, useState } from 'react';
import { DemoAuthClient, DemoUser } from './DemoAuthClient';
import { writeDemoUserChoice } from './demoUserChoice';

/** The demo users to choose from, and how to become another one. */
export function useSwitchUser(options: { client: DemoAuthClient }) {
  const { client } = options;
  const identityApi = useApi(identityApiRef);
  const [choices, setChoices] = useState<{
    users: DemoUser[];
    currentUserEntityRef: string;
  }>();
  const [error, setError] = useState<Error>();

  useEffect(() => {
    let ended = false;
    Promise.all([client.listUsers(), identityApi.getBackstageIdentity()]).then(
      ([users, { userEntityRef }]) =>
        !ended && setChoices({ users, currentUserEntityRef: userEntityRef }),
      caught => !ended && setError(caught),
    );
    return () => {
      ended = true;
    };
  }, [client, identityApi]);

  const choose = useCallback(
    async (userEntityRef: string) => {
      try {
        // Signing out loads the portal anew, so that nothing of the former user is left over;
        // the choice is made after it, because signing out forgets it.
        await identityApi.signOut();
        writeDemoUserChoice({ userEntityRef });
      } catch (caught) {
        setError(caught as Error);
      }
    },
    [identityApi],
  );

  return { choices, error, choose };
}
