import { Flex, Link, Text } from '@backstage/ui';
import { SignInFrame } from './SignInFrame';

/** Says what to configure, in a portal that nobody can sign in to. */
export function NoProvider() {
  return (
    <SignInFrame title="No way to sign in">
      <Flex direction="column" gap="3">
        <Text>
          This portal has no sign-in provider. Configure one under{' '}
          <code>auth.providers</code>, add its module to the backend, and put
          its button on this page.
        </Text>
        <Text>
          To try Millrace with demo users instead, start the portal with{' '}
          <code>app-config.demo.yaml</code> as well; <code>npm start</code> does
          so.
        </Text>
        <Link href="https://backstage.io/docs/auth/" target="_blank">
          Sign-in providers of Backstage
        </Link>
      </Flex>
    </SignInFrame>
  );
}
