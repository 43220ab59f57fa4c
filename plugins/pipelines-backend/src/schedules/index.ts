export { DatabaseSchedulesStore } from './DatabaseSchedulesStore';
export {
  SubmitDueRunsTask,
  type RunSubmitter,
} from './tasks/SubmitDueRunsTask';
