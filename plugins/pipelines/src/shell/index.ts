export { LiveHeaderAction } from './LiveHeaderAction';
export { RunHeaderAction } from './RunHeaderAction';
export { PipelinesQueryProvider } from '@millrace/backstage-plugin-pipelines-react';
