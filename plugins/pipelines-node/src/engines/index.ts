export { ContractSink } from './ContractSink';
export * from './Engine';
export * from './extensionPoint';
export * from './engineContract';
export { ENGINE_CHECKS, type EngineCheck } from './engineChecks';
export {
  EngineTrial,
  type EngineContractSubject,
  type TrialName,
} from './EngineTrial';
