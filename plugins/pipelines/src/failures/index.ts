export { FailuresRouter } from './FailuresRouter';
