export {
  useCreateView,
  useDeleteView,
  useUpdateView,
  useView,
  useViews,
  type UpdateViewVariables,
} from './useViews';
export { listViewsOptions, viewOptions, viewsKeys } from './viewsQueries';
