export { httpServerFactory as default } from './httpServerFactory';
