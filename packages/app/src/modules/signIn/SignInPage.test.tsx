import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { discoveryApiRef, IdentityApi } from '@backstage/frontend-plugin-api';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { demoBackend } from '../../testing/demoBackend';
import { readDemoUserChoice, writeDemoUserChoice } from './demoUserChoice';
import { SignInPage } from './SignInPage';

describe('SignInPage', () => {
  const backend = demoBackend();

  beforeEach(() => {
    window.localStorage.clear();
    backend.install();
  });

  afterEach(() => backend.uninstall());

  function renderPage(options?: { demo?: boolean }) {
    const signedIn: IdentityApi[] = [];
    renderInTestApp(
      <SignInPage onSignInSuccess={identity => signedIn.push(identity)} />,
      {
        config: { demo: options?.demo ?? true },
        apis: [[discoveryApiRef, mockApis.discovery()]],
      },
    );
    return {
      async signedInUser() {
        await waitFor(() => expect(signedIn).toHaveLength(1), {
          timeout: 4_000,
        });
        return (await signedIn[0].getBackstageIdentity()).userEntityRef;
      },
    };
  }

  it('signs in the first demo user on the first visit, without a question', async () => {
    expect(await renderPage().signedInUser()).toBe('user:default/ada');
    expect(screen.queryByText('Choose a demo user')).not.toBeInTheDocument();
  });

  it('signs in whom this browser remembers', async () => {
    writeDemoUserChoice({ userEntityRef: 'user:default/noor' });
    expect(await renderPage().signedInUser()).toBe('user:default/noor');
  });

  it('asks after a sign-out, and remembers the answer', async () => {
    writeDemoUserChoice('ask');
    const page = renderPage();
    await userEvent.click(await screen.findByText('Noor Haddad'));
    expect(await page.signedInUser()).toBe('user:default/noor');
    expect(readDemoUserChoice()).toEqual({
      userEntityRef: 'user:default/noor',
    });
  });

  it('asks when the remembered user is no demo user any more', async () => {
    writeDemoUserChoice({ userEntityRef: 'user:default/gone' });
    renderPage();
    expect(await screen.findByText('Choose a demo user')).toBeVisible();
  });

  it('waits while the portal reads its catalog, and says so', async () => {
    backend.failNext({
      status: 503,
      name: 'ServiceUnavailableError',
      message: 'The catalog does not know the user yet',
    });
    const page = renderPage();
    expect(
      await screen.findByText('The catalog does not know the user yet'),
    ).toBeVisible();
    expect(await page.signedInUser()).toBe('user:default/ada');
  });

  it('shows why a sign-in is refused', async () => {
    backend.failNext({
      status: 403,
      name: 'NotAllowedError',
      message: 'Only from the machine that the portal runs on',
    });
    renderPage();
    expect(
      await screen.findByText('Only from the machine that the portal runs on'),
    ).toBeVisible();
  });

  it('says which part of the configuration is missing in a portal without the demo', async () => {
    renderPage({ demo: false });
    expect(await screen.findByText('auth.providers')).toBeVisible();
    expect(backend.requests()).toEqual([]);
  });
});
