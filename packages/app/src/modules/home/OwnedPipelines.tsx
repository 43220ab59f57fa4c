import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  Alert,
  Card,
  CardBody,
  CardHeader,
  Flex,
  Skeleton,
  Text,
} from '@backstage/ui';
import { useOwnedPipelineEntities } from './useOwnedPipelineEntities';

/** The entities of the user's teams that pipelines belong to. */
export function OwnedPipelines() {
  const { entities, error } = useOwnedPipelineEntities();
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small" weight="bold">
          Your teams&apos; pipelines
        </Text>
      </CardHeader>
      <CardBody>
        {error && <Alert status="danger" icon description={error.message} />}
        {!error && !entities && <Skeleton width="100%" height={48} />}
        {entities?.length === 0 && (
          <Text color="secondary">
            None of your teams owns a component with pipelines.
          </Text>
        )}
        <Flex direction="column" gap="3">
          {entities?.map(entity => (
            <Flex
              key={entity.metadata.uid ?? entity.metadata.name}
              direction="column"
              gap="0.5"
            >
              <EntityRefLink entityRef={entity} />
              <Text color="secondary">{entity.metadata.description}</Text>
            </Flex>
          ))}
        </Flex>
      </CardBody>
    </Card>
  );
}
