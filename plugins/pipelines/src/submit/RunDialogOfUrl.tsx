import { lazy, Suspense } from 'react';
import { useRunDialogUrl } from './useRunDialogUrl';

// Forms and their checks are large, and most visits never open one.
const RunDialog = lazy(() =>
  import('./RunDialog').then(m => ({ default: m.RunDialog })),
);

/** The Run… dialog while the address asks for it; once per page. */
export function RunDialogOfUrl({ entityRef }: { entityRef?: string }) {
  const url = useRunDialogUrl();
  return url.isOpen ? (
    <Suspense fallback={null}>
      <RunDialog
        pipelineId={url.pipelineId}
        fromRunId={url.fromRunId}
        entityRef={entityRef}
        onChoose={url.choose}
        onClose={url.close}
      />
    </Suspense>
  ) : null;
}
