import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { fakeFetch } from '../../dev/fake/fakeFetch';
import { FakePermissions } from '../../dev/fake/FakePermissions';
import { demoPipelines } from '../../dev/fake/pipelines';
import { RunDialogOfUrl, type LoadRunDialog } from './RunDialogOfUrl';

it('leaves the page alone when its part does not arrive, and tries again', async () => {
  // React says on the console what a boundary caught.
  jest.spyOn(console, 'error').mockImplementation(() => {});
  let isOnline = false;
  const load: LoadRunDialog = async () => {
    if (!isOnline) {
      throw new Error('Loading chunk 42 failed');
    }
    return import('./RunDialog');
  };
  renderInTestApp(
    <PipelinesQueryProvider>
      <p>The page</p>
      <RunDialogOfUrl load={load} />
    </PipelinesQueryProvider>,
    {
      initialRouteEntries: ['/?run=transcode'],
      apis: [
        [
          fetchApiRef,
          fakeFetch(new FakeBackend({ pipelines: demoPipelines() })),
        ],
        [permissionApiRef, new FakePermissions(true)],
      ],
    },
  );
  expect(await screen.findByText('The form could not be loaded')).toBeVisible();
  expect(screen.getByText('The page')).toBeInTheDocument();

  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('The form could not be loaded')).toBeVisible();
  isOnline = true;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Run Transcode a video')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
