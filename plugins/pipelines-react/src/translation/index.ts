export { pipelinesReactTranslationRef } from './pipelinesReactTranslationRef';
