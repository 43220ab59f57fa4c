import {
  configApiRef,
  discoveryApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import {
  Alert,
  Card,
  CardBody,
  Container,
  Flex,
  Skeleton,
  Text,
} from '@backstage/ui';
import { useMemo } from 'react';
import { DemoAuthClient } from './DemoAuthClient';
import { DemoUserList } from './DemoUserList';
import styles from './SwitchUserPage.module.css';
import { useSwitchUser } from './useSwitchUser';

/** Lets another demo user sign in. */
export function SwitchUserPage() {
  const isDemo = useApi(configApiRef).getOptionalBoolean('demo') ?? false;
  return (
    <Container pt="6" pb="6">
      {isDemo ? (
        <SwitchUserCard />
      ) : (
        <Alert
          status="info"
          icon
          description="This portal has no demo users; sign out to sign in as somebody else."
        />
      )}
    </Container>
  );
}

function SwitchUserCard() {
  const discoveryApi = useApi(discoveryApiRef);
  const client = useMemo(
    () => DemoAuthClient.create({ discoveryApi }),
    [discoveryApi],
  );
  const { choices, error, choose } = useSwitchUser({ client });
  return (
    <Card className={styles.card}>
      <CardBody>
        <Flex direction="column" gap="3">
          <Text color="secondary">
            Each demo user has other rights. The choice is remembered in this
            browser.
          </Text>
          {error && <Alert status="danger" icon description={error.message} />}
          {!error && !choices && <Skeleton width="100%" height={200} />}
          {choices && <DemoUserList {...choices} onChoose={choose} />}
        </Flex>
      </CardBody>
    </Card>
  );
}
