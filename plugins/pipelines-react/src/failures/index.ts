export {
  failureOptions,
  failuresKeys,
  listFailuresOptions,
  runFailureOptions,
} from './failuresQueries';
export {
  useChangeFailure,
  useFailure,
  useFailures,
  useRunFailure,
  type ChangeFailureVariables,
} from './useFailures';
