export { AuthorizedReportersService } from './AuthorizedReportersService';
export { checkReporterTokens } from './checkReporterTokens';
export { readReportersConfig } from './readReportersConfig';
export { ReportersService } from './ReportersService';
export { createReportersRouter } from './routes';
