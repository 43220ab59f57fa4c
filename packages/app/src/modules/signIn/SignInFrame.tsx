import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import { ReactNode } from 'react';
import { MillraceMark } from '../../components/MillraceMark';
import styles from './SignInFrame.module.css';

/** The card in the middle of the page while nobody is signed in. */
export function SignInFrame(props: { title: string; children: ReactNode }) {
  return (
    <main className={styles.page}>
      <Card className={styles.card}>
        <CardHeader>
          <Flex align="center" gap="3">
            <MillraceMark className={styles.mark} />
            <Text as="h1" variant="title-small">
              {props.title}
            </Text>
          </Flex>
        </CardHeader>
        <CardBody>{props.children}</CardBody>
      </Card>
    </main>
  );
}
