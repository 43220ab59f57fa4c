import { Route, Routes } from 'react-router-dom';
import { PipelinePage } from './detail/PipelinePage';
import { PipelinesPage } from './PipelinesPage';

/** The tab Pipelines: the list, and below it the page of each pipeline. */
export function DefinitionsRouter() {
  return (
    <Routes>
      <Route index element={<PipelinesPage />} />
      <Route path=":pipelineId" element={<PipelinePage />} />
    </Routes>
  );
}
