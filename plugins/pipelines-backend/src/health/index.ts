export { HealthService } from './HealthService';
export { createHealthRouter } from './routes';
