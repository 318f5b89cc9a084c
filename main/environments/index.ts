export { type Connections, openConnections } from './connections.ts';
export { type EnvironmentList, openEnvironmentList } from './environment-list.ts';
export { environmentsRouter, viewOf } from './router.ts';
