export { AuthorizedSettingsService } from './AuthorizedSettingsService';
export { createSettingsRouter } from './routes';
export { SettingsService } from './SettingsService';
