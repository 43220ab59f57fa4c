import { Route, Routes } from 'react-router-dom';
import { BulkPage } from '../bulk';
import { RunDetailPage } from './detail/RunDetailPage';
import { RunsPage } from './RunsPage';

/** The tab Runs: the list, and below it the page of each run and of each bulk action. */
export function RunsRouter({ entityRef }: { entityRef?: string }) {
  return (
    <Routes>
      <Route index element={<RunsPage entityRef={entityRef} />} />
      <Route path="bulk/:bulkId" element={<BulkPage />} />
      <Route path=":runId" element={<RunDetailPage />} />
    </Routes>
  );
}
