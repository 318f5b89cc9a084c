import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Advised } from '../../preload/contract/advice.ts';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import type { ServerEvent } from '../../preload/contract/metrics.ts';
import type { MetricValues } from '../sampler/index.ts';
import type { Address, ServerPool, SessionWay } from '../servers/index.ts';
import type { Store } from '../store/index.ts';

/** What every room that watches servers is given. */
export interface MonitoringNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** All that are there. */
  environments(): readonly Environment[];
  /** Whether its history is kept in the store: not for one that is only here for a command. */
  keepsHistory(id: string): boolean;
  store: Store;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  poolIfAny(id: string): ServerPool | undefined;
  /** Where an environment's sessions go. @throws NOT_CONNECTED */
  reached(id: string): { address: Address; way: SessionWay };
  status(id: string): EnvironmentStatus;
  /** A live sample, at most a second old. @throws NOT_CONNECTED */
  current(id: string): Promise<ActivitySample>;
  /** Events of an environment between two times. */
  events(id: string, from: number, to: number): ServerEvent[];
  /** Notes an event, which is laid over every chart. */
  onEvent(id: string, kind: string, text: string, at?: number): void;
  /** Now, ms since 1970; tests set it. */
  now(): number;
  dataFolder: string;
}

/** What such a room offers beside its procedures. */
export interface MonitoringRoom<Router> {
  router: Router;
  /** An environment that is connected gave its first sample since the console started: background work may begin. */
  begin?(id: string): void;
  /** Each live sample of an environment whose history is kept. */
  sample?(id: string, sample: ActivitySample, values: MetricValues): void;
  /** What is wrong there. @throws NOT_CONNECTED */
  advise?(environment: Environment, signal?: AbortSignal): Promise<Advised>;
  /** Every minute: makes history coarser and drops what is past its time. */
  roll?(now: number): void;
  /** The environment was removed. Its rows go with its row in `environment`. */
  forget?(id: string): void;
  close?(): void | Promise<void>;
}
