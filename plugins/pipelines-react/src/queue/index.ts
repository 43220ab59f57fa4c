export { useWorkers, workersOptions } from './useWorkers';
