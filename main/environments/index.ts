export { openConnections } from './connections.ts';
export { openEnvironmentList } from './environment-list.ts';
export { environmentsRouter, viewOf } from './router.ts';
export { createWay } from './way.ts';
