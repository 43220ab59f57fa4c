import { Container, Flex, Grid, Header } from '@backstage/ui';
import { HomePageLayoutProps } from '@backstage/plugin-home-react/alpha';
import { Fragment } from 'react';
import { HomeSearch } from './HomeSearch';
import { OwnedPipelines } from './OwnedPipelines';
import { QuickLinks } from './QuickLinks';
import { useGreeting } from './useGreeting';

/** Where to go, what is mine, and the widgets that plugins bring, the first of them beside the others. */
export function HomeLayout({ widgets }: HomePageLayoutProps) {
  const greeting = useGreeting();
  const [first, ...others] = widgets.map(({ node, component }) => (
    <Fragment key={node.spec.id}>{component}</Fragment>
  ));
  return (
    <>
      <Header title={greeting} />
      <Container>
        <Flex direction="column" gap="6" pb="6">
          <HomeSearch />
          <QuickLinks />
          <Grid.Root columns={{ initial: '1', md: '2' }} gap="4">
            {first && <div>{first}</div>}
            <Flex direction="column" gap="4">
              <OwnedPipelines />
              {others}
            </Flex>
          </Grid.Root>
        </Flex>
      </Container>
    </>
  );
}
