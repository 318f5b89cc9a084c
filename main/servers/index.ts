export { type Address, connectClient, type Tls } from './connect.ts';
export { explainFailure, mayRetry, serverWords } from './explain.ts';
export { readFacts } from './facts.ts';
export { isOwnSession } from './own-sessions.ts';
export { openPool, type ServerPool } from './pool.ts';
export { fillTemplate, type KnownColumns } from './template.ts';
