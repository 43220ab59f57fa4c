export { LearnTemplatesTask } from './LearnTemplatesTask';
export { LineTemplates } from './LineTemplates';
export { TemplatesService } from './TemplatesService';
