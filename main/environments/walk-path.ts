import type { ConnectionCause } from '../../preload/contract/causes.ts';
import type { Connection } from '../../preload/contract/connection.ts';
import { type TestResult, type TestStep, testSteps } from '../../preload/contract/environments.ts';
import type { Diagnosis } from '../servers/index.ts';

export type StepName = TestStep['step'];

/** At which step each cause of failure shows itself; what is not here shows at authentication. */
const stepOfCause: Partial<Record<ConnectionCause, StepName>> = {
  'service-not-found': 'name',
  'service-file-malformed': 'name',
  'name-not-found': 'name',
  'nothing-listening': 'port',
  'socket-not-permitted': 'port',
  'host-silent': 'port',
  'server-silent': 'port',
  'not-postgresql': 'port',
  'tls-not-offered': 'tls',
  'tls-required': 'tls',
  'certificate-unknown': 'tls',
  'certificate-expired': 'tls',
  'certificate-wrong-host': 'tls',
  'certificate-file-unreadable': 'tls',
  'client-certificate-refused': 'tls',
  'client-key-passphrase-missing': 'tls',
  'no-such-database': 'database',
  'database-closed': 'database',
  'no-connect-privilege': 'database',
  'too-many-connections': 'database',
  'too-many-connections-of-database': 'database',
  'starting-up': 'database',
  'shutting-down': 'database',
  'in-recovery': 'database',
  'wrong-role-of-server': 'database',
  'server-too-old': 'database',
};

/** The steps of one walk as they are taken. */
export class Path {
  readonly result: TestResult;
  readonly #tell: () => void;
  readonly #known = new Map<StepName, string>();
  #since = performance.now();

  constructor(connection: Connection, tell: () => void) {
    const given = testSteps.filter(
      (step) =>
        (step !== 'companion' || connection.companion !== undefined) &&
        (step !== 'tunnel' || connection.tunnel !== undefined),
    );
    const steps = given.map((step) => ({ step, outcome: 'skipped' as const, ms: 0, detail: 'Not reached.' }));
    this.result = { done: false, good: false, steps, findings: [] };
    this.#tell = tell;
  }

  begin(step: StepName): void {
    this.#since = performance.now();
    this.#set(step, { outcome: 'running', ms: 0, detail: '' });
  }

  done(step: StepName, detail: string, ms = performance.now() - this.#since): void {
    this.#set(step, { outcome: 'good', ms, detail });
    this.#since = performance.now();
  }

  /** What is known of a step that will turn out to have gone well. */
  tell(name: StepName, detail: string): void {
    this.#known.set(name, detail);
  }

  /** What comes before the failing step went well, as far as it was not told yet. */
  fail({ problem, ask }: Pick<Diagnosis, 'problem' | 'ask'>, reached?: StepName): void {
    const { steps } = this.result;
    const running = steps.findIndex(({ outcome }) => outcome === 'running');
    const told = stepOfCause[problem.cause as ConnectionCause] ?? reached;
    const index = steps.findIndex(({ step }) => step === (told ?? stepOfPrefix(problem.cause)));
    // What a later step found out may be the fault of an earlier one: a port where something else listens.
    const failed = told ? index : Math.max(running, index);
    const ms = performance.now() - this.#since;
    for (const [at, step] of steps.entries()) {
      if (at === failed) Object.assign(step, { outcome: 'bad', ms, detail: problem.what });
      else if (at > failed) Object.assign(step, { outcome: 'skipped', ms: 0, detail: 'Not reached.' });
      else if (step.outcome !== 'good') {
        Object.assign(step, { outcome: 'good', ms: 0, detail: this.#known.get(step.step) ?? '' });
      }
    }
    this.result.problem = problem;
    if (ask) this.result.ask = ask;
  }

  finish(): void {
    this.result.good = this.result.problem === undefined;
    this.result.done = true;
    this.#tell();
  }

  #set(name: StepName, change: Omit<TestStep, 'step'>): void {
    const step = this.result.steps.find(({ step: one }) => one === name);
    if (step) Object.assign(step, change);
    this.#tell();
  }
}

function stepOfPrefix(cause: string): StepName {
  if (cause.startsWith('companion-')) return 'companion';
  return cause.startsWith('tunnel-') ? 'tunnel' : 'authentication';
}
