import { renderTestApp } from '@backstage/frontend-test-utils';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';
import { screen } from '@testing-library/react';
import { switchUserPlugin } from '../signIn';
import { navModule } from './navModule';

function renderPortal(demo: boolean) {
  renderTestApp({
    features: [navModule, notificationsPlugin, switchUserPlugin],
    config: {
      demo,
      app: { baseUrl: 'http://localhost' },
      backend: { baseUrl: 'http://localhost' },
    },
    apis: [
      [
        notificationsApiRef,
        { getStatus: async () => ({ unread: 0, read: 0 }) },
      ],
    ],
    initialRouteEntries: ['/nowhere'],
  });
}

describe('AppSidebar', () => {
  it('leads home and, in a demo, to another user', async () => {
    renderPortal(true);
    expect(
      await screen.findByRole('link', { name: 'Millrace home' }),
    ).toHaveAttribute('href', '/');
    expect(screen.getByRole('link', { name: 'Switch user' })).toHaveAttribute(
      'href',
      '/switch-user',
    );
  });

  it('offers no other user in a portal without the demo', async () => {
    renderPortal(false);
    await screen.findByRole('link', { name: 'Millrace home' });
    expect(
      screen.queryByRole('link', { name: 'Switch user' }),
    ).not.toBeInTheDocument();
  });
});
