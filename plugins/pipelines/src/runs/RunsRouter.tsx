import { Route, Routes } from 'react-router-dom';
import { BulkPage } from '../bulk';
import { ComparePage } from './compare';
import { RunDetailPage } from './detail/RunDetailPage';
import { RunsPage, type RunsPageProps } from './RunsPage';

/** The tab Runs: the list, and below it the page of each run, of two runs beside each other, and of each bulk action. */
export function RunsRouter(props: RunsPageProps) {
  return (
    <Routes>
      <Route index element={<RunsPage {...props} />} />
      <Route path="bulk/:bulkId" element={<BulkPage />} />
      <Route path="compare" element={<ComparePage />} />
      <Route path=":runId" element={<RunDetailPage />} />
    </Routes>
  );
}
