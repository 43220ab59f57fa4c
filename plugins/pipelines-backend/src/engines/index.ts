export { AttemptFolder, cleanUp, type AttemptId } from './AttemptFolder';
export { EngineRegistry } from './EngineRegistry';
export { OutsideEngine } from './outside/OutsideEngine';
export {
  ProcessEngine,
  type ProcessEngineOptions,
} from './process/ProcessEngine';
export { SystemEngine } from './system/SystemEngine';
export type { SystemHandler, SystemRun } from './system/SystemRun';
