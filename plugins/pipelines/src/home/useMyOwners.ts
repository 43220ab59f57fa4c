import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';

/** Most owners that the API is asked about at once. */
const MAX_OWNERS = 50;

/** The entity refs by which the person owns things: themselves and their groups. */
export function useMyOwners() {
  const identity = useApi(identityApiRef);
  return useQuery({
    queryKey: ['pipelines', 'my-owners'],
    queryFn: async () => {
      const { ownershipEntityRefs } = await identity.getBackstageIdentity();
      return ownershipEntityRefs.slice(0, MAX_OWNERS);
    },
    staleTime: Infinity,
  });
}
