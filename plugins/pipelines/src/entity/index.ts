export { EntityRunsContent } from './EntityRunsContent';
export { PipelineRunsCard } from './PipelineRunsCard';
