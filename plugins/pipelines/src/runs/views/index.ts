export { SavedViews } from './SavedViews';
export { useOpenedView } from './useOpenedView';
