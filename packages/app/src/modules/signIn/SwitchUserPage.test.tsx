import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  discoveryApiRef,
  identityApiRef,
} from '@backstage/frontend-plugin-api';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { demoBackend } from '../../testing/demoBackend';
import { readDemoUserChoice, writeDemoUserChoice } from './demoUserChoice';
import { SwitchUserPage } from './SwitchUserPage';

describe('SwitchUserPage', () => {
  const backend = demoBackend();

  beforeEach(() => {
    window.localStorage.clear();
    backend.install();
  });

  afterEach(() => backend.uninstall());

  function renderPage(demo: boolean) {
    const identity = mockApis.identity({ userEntityRef: 'user:default/ada' });
    jest.spyOn(identity, 'signOut').mockImplementation(async () => {
      writeDemoUserChoice('ask');
    });
    renderInTestApp(<SwitchUserPage />, {
      config: { demo },
      apis: [
        [discoveryApiRef, mockApis.discovery()],
        [identityApiRef, identity],
      ],
    });
    return identity;
  }

  it('marks who is signed in', async () => {
    renderPage(true);
    expect(
      await screen.findByRole('row', { name: /Ada Brandt/ }),
    ).toHaveTextContent('Signed in');
    expect(
      screen.getByRole('row', { name: /Noor Haddad/ }),
    ).not.toHaveTextContent('Signed in');
  });

  it('signs the one out and remembers the other', async () => {
    const identity = renderPage(true);
    await userEvent.click(await screen.findByText('Noor Haddad'));
    await waitFor(() =>
      expect(readDemoUserChoice()).toEqual({
        userEntityRef: 'user:default/noor',
      }),
    );
    expect(identity.signOut).toHaveBeenCalledTimes(1);
  });

  it('says why nobody can be chosen', async () => {
    backend.failNext({
      status: 403,
      name: 'NotAllowedError',
      message: 'Only from the machine that the portal runs on',
    });
    renderPage(true);
    expect(
      await screen.findByText('Only from the machine that the portal runs on'),
    ).toBeVisible();
  });

  it('offers nobody in a portal without the demo', async () => {
    renderPage(false);
    expect(await screen.findByText(/has no demo users/)).toBeVisible();
    expect(backend.requests()).toEqual([]);
  });
});
