export { ReporterClient } from './ReporterClient';
export * from './schema';
