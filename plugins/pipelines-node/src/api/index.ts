export { createPipelinesClient } from './createPipelinesClient';
export { listAllPipelines } from './listAllPipelines';
