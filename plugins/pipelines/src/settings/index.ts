export { PortalSettingsPage } from './PortalSettingsPage';
export { SettingsEditor } from './SettingsEditor';
