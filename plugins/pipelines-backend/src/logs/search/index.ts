export { AuthorizedLogSearch } from './AuthorizedLogSearch';
export { LogSearcher } from './LogSearcher';
