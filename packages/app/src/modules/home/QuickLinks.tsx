import { Card, CardBody, Flex, Grid, Text } from '@backstage/ui';
import {
  RiFlowChart,
  RiHistoryLine,
  RiNotification3Line,
  RiStackLine,
} from '@remixicon/react';
import styles from './QuickLinks.module.css';

const LINKS = [
  {
    href: '/pipelines/overview',
    title: 'Pipelines',
    text: 'What runs now, what failed, how it went',
    Icon: RiFlowChart,
  },
  {
    href: '/pipelines/runs',
    title: 'Runs',
    text: 'Every run, with its steps and log',
    Icon: RiHistoryLine,
  },
  {
    href: '/catalog?filters%5Bkind%5D=component&filters%5Buser%5D=all',
    title: 'Catalog',
    text: 'Components, systems and their owners',
    Icon: RiStackLine,
  },
  {
    href: '/notifications',
    title: 'Notifications',
    text: 'What the portal wants to tell you',
    Icon: RiNotification3Line,
  },
];

/** The pages that most people want. */
export function QuickLinks() {
  return (
    <Grid.Root columns={{ initial: '1', xs: '2', lg: '4' }} gap="4">
      {LINKS.map(({ href, title, text, Icon }) => (
        <Card key={href} href={href} label={title}>
          <CardBody>
            <Flex align="center" gap="3">
              <Icon className={styles.icon} aria-hidden />
              <Flex direction="column" gap="1">
                <Text as="h2" variant="body-large" weight="bold">
                  {title}
                </Text>
                <Text color="secondary">{text}</Text>
              </Flex>
            </Flex>
          </CardBody>
        </Card>
      ))}
    </Grid.Root>
  );
}
