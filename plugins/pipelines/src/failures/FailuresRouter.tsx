import { Route, Routes } from 'react-router-dom';
import { FailurePage } from './FailurePage';
import { FailuresPage } from './FailuresPage';

/** The tab Failures, and below it the page of each failure. */
export function FailuresRouter() {
  return (
    <Routes>
      <Route index element={<FailuresPage />} />
      <Route path=":fingerprint" element={<FailurePage />} />
    </Routes>
  );
}
