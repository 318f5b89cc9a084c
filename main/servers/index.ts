export {
  type Address,
  connectClient,
  connectTimeout,
  type Resolve,
  type SessionWay,
  transactionSettings,
} from './connect.ts';
export { ConnectFailure } from './connect-failure.ts';
export { diagnose } from './diagnose.ts';
export { type Diagnosis, serverWords } from './explain.ts';
export { readFacts } from './facts.ts';
export { libpqWay } from './libpq-variables.ts';
export { isOwnSession } from './own-sessions.ts';
export { passwordFromFile } from './passfile.ts';
export { dropAfter, dropSession, endSoon } from './patience.ts';
export { openPool, type ServerPool } from './pool.ts';
export type { LentSession } from './pool-lending.ts';
export { resolveService } from './service-file.ts';
export { placeOf } from './targets.ts';
export { fillTemplate, type KnownColumns } from './template.ts';
