import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router-dom';
import { QueuePage } from './QueuePage';

// Forms and their checks are large, and most visits never open one.
const PortalSettingsPage = lazy(() =>
  import('../settings').then(m => ({ default: m.PortalSettingsPage })),
);

/** The tab Queue, and below it the settings of the portal. */
export function QueueRouter() {
  return (
    <Routes>
      <Route index element={<QueuePage />} />
      <Route
        path="settings"
        element={
          <Suspense fallback={null}>
            <PortalSettingsPage />
          </Suspense>
        }
      />
    </Routes>
  );
}
