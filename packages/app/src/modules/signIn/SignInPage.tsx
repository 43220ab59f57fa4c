import {
  configApiRef,
  discoveryApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { SignInPageProps } from '@backstage/plugin-app-react';
import { useCallback, useMemo } from 'react';
import { DemoAuthClient, DemoSession } from './DemoAuthClient';
import { DemoIdentity } from './DemoIdentity';
import { DemoSignIn } from './DemoSignIn';
import { NoProvider } from './NoProvider';

/** Signs in a demo user, or says that this portal has no way to sign in. */
export function SignInPage({ onSignInSuccess }: SignInPageProps) {
  const isDemo = useApi(configApiRef).getOptionalBoolean('demo') ?? false;
  const discoveryApi = useApi(discoveryApiRef);
  const client = useMemo(
    () => DemoAuthClient.create({ discoveryApi }),
    [discoveryApi],
  );
  const onSignedIn = useCallback(
    (session: DemoSession) =>
      onSignInSuccess(DemoIdentity.create({ client, session })),
    [client, onSignInSuccess],
  );
  return isDemo ? (
    <DemoSignIn client={client} onSignedIn={onSignedIn} />
  ) : (
    <NoProvider />
  );
}
