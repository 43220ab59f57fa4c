import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { EntityRunsContent } from '../entity';

/** The entity tab with the providers that the new frontend system wraps around it by itself. */
export function LegacyEntityContent() {
  return (
    <PipelinesQueryProvider>
      <EntityRunsContent />
    </PipelinesQueryProvider>
  );
}
