export { MyPipelines } from './MyPipelines';
