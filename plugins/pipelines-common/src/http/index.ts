export * from './apiRoute';
export * from './openapi';
export * from './page';
export * from './PipelinesClient';
export type { PipelinesFetch, RequestOptions } from './request';
export * from './routes';
