import { Progress } from '@backstage/frontend-plugin-api';
import { Alert, Flex, Text } from '@backstage/ui';
import { DemoAuthClient, DemoSession } from './DemoAuthClient';
import { DemoUserList } from './DemoUserList';
import { SignInFrame } from './SignInFrame';
import { useDemoSignIn } from './useDemoSignIn';

/** Sign-in of the demo; draws next to nothing unless there is something to choose or to say. */
export function DemoSignIn(props: {
  client: DemoAuthClient;
  onSignedIn: (session: DemoSession) => void;
}) {
  const { state, choose } = useDemoSignIn(props);
  switch (state.step) {
    case 'signing-in':
      return <Progress />;
    case 'waiting':
      return (
        <SignInFrame title="The portal is starting">
          <Alert status="info" isPending description={state.reason} />
        </SignInFrame>
      );
    case 'choosing':
      return (
        <SignInFrame title="Choose a demo user">
          <Flex direction="column" gap="3">
            <Text color="secondary">
              Nobody needs a password here; each user has other rights.
            </Text>
            <DemoUserList users={state.users} onChoose={choose} />
          </Flex>
        </SignInFrame>
      );
    default:
      return (
        <SignInFrame title="Signing in did not work">
          <Alert status="danger" icon description={state.error.message} />
        </SignInFrame>
      );
  }
}
