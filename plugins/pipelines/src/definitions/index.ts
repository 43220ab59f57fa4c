export { DefinitionsRouter } from './DefinitionsRouter';
