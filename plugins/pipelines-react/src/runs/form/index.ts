export { readDataUrl, type DataUrlFacts } from './dataUrl';
export {
  defaultParameters,
  validateParameters,
  withoutSecrets,
  type Parameters,
  type ParamsProblem,
} from './parameters';
export {
  ParamsForm,
  type ParamsFormProps,
  type ParamsValidity,
} from './ParamsForm';
