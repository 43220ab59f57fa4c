import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { PipelineRunsCard } from '../entity';

/** The entity card with the providers that the new frontend system wraps around it by itself. */
export function LegacyEntityCard() {
  return (
    <PipelinesQueryProvider>
      <PipelineRunsCard />
    </PipelinesQueryProvider>
  );
}
