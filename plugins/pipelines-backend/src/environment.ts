import {
  resolvePackagePath,
  type AuditorService,
  type DatabaseService,
  type HttpAuthService,
  type HttpRouterService,
  type LifecycleService,
  type LoggerService,
  type PermissionsRegistryService,
  type PermissionsService,
  type RootConfigService,
  type SchedulerService,
  type UserInfoService,
} from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { readFileSync } from 'node:fs';
import type { ArtifactStores } from './artifacts';
import type { EngineRegistry } from './engines';

/** What the plugin gets from its backend. */
export interface PipelinesEnvironment {
  /** The artifact stores that modules have added. */
  artifactStores: ArtifactStores;
  auditor: AuditorService;
  config: RootConfigService;
  database: DatabaseService;
  /** The engines that modules have added. */
  engines: EngineRegistry;
  httpAuth: HttpAuthService;
  httpRouter: HttpRouterService;
  lifecycle: LifecycleService;
  logger: LoggerService;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  scheduler: SchedulerService;
  signals: SignalsService;
  /** Says which groups a person belongs to. */
  userInfo: UserInfoService;
}

/** Version of this package, as workers and the API document show it. */
export function readPackageVersion(): string {
  const manifest = resolvePackagePath(
    '@millrace/backstage-plugin-pipelines-backend',
    'package.json',
  );
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
