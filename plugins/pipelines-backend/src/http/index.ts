export * from './answerDatabaseErrors';
export * from './audited';
export * from './callerOf';
export * from './cursor';
export * from './parse';
export * from './ids';
export * from './jsonBody';
export * from './sendStream';
