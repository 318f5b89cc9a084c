export { consoleRouter } from './router.ts';
