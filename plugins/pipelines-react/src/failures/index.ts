export {
  failureOptions,
  failuresKeys,
  listFailuresOptions,
} from './failuresQueries';
export {
  useChangeFailure,
  useFailure,
  useFailures,
  type ChangeFailureVariables,
} from './useFailures';
