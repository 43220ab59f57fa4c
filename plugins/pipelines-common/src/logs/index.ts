export * from './level';
export * from './LogsClient';
export * from './logQuery';
export * from './schema';
export * from './search';
