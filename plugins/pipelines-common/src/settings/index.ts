export { SettingsClient } from './SettingsClient';
export * from './patch';
export * from './schema';
