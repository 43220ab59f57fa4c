import { createApp } from '@backstage/frontend-defaults';
import { homeModule } from './modules/home';
import { navModule } from './modules/nav';
import { signInModule, switchUserPlugin } from './modules/signIn';

/**
 * The example portal.
 *
 * @remarks
 * Plugins are not listed: those among the dependencies of this package are found by themselves
 * (`app.packages` in app-config.yaml).
 */
export const app = createApp({
  features: [homeModule, navModule, signInModule, switchUserPlugin],
});
