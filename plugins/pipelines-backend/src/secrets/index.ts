export { readSecretsConfig, type SecretsConfig } from './readSecretsConfig';
export { RunSecrets, type RevealedParameters } from './RunSecrets';
export {
  SealedParameters,
  type MaskedParameters,
  type SecretValues,
} from './SealedParameters';
export {
  checkSecretParameters,
  MASK,
  secretPaths,
  valueAt,
  withValues,
} from './secretPaths';
