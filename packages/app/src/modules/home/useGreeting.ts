import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';

/** A welcome by name, and without it until the name is known. */
export function useGreeting(): string {
  const identityApi = useApi(identityApiRef);
  const [name, setName] = useState<string>();
  useEffect(() => {
    let ended = false;
    identityApi.getProfileInfo().then(
      ({ displayName }) => !ended && setName(displayName),
      () => undefined,
    );
    return () => {
      ended = true;
    };
  }, [identityApi]);
  return name ? `Welcome, ${name}` : 'Welcome';
}
