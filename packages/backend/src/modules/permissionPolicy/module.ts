import { createBackendModule } from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { MillracePolicy } from './MillracePolicy';

/** Installs {@link MillracePolicy}, the rights of the example portal. */
export const permissionPolicyModule = createBackendModule({
  pluginId: 'permission',
  moduleId: 'millrace-policy',
  register(reg) {
    reg.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(new MillracePolicy());
      },
    });
  },
});
