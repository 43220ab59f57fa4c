export { claimOne, TEST_WORKER } from './claimOne';
export {
  completePipeline,
  createTestDefinitions,
  type TestPipeline,
} from './createTestDefinitions';
export { FakeEngine, FakeExecution } from './FakeEngine';
export { TestDatabase } from './TestDatabase';
export { waitFor } from './waitFor';
