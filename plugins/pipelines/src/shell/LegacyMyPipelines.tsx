import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { MyPipelines } from '../home';

/** The widget of the home page with the providers that the new frontend system wraps around it by itself. */
export function LegacyMyPipelines() {
  return (
    <PipelinesQueryProvider>
      <MyPipelines />
    </PipelinesQueryProvider>
  );
}
