export { signInModule } from './signInModule';
export { switchUserPlugin } from './switchUserPlugin';
