import type { ActivitySample, Backend, BackendRef, Impact } from '../../preload/contract/activity.ts';

/** Says who and what a signal to these backends would hit, and which waiters it would set free. */
export function impactOf(
  sample: ActivitySample,
  signal: 'cancel' | 'terminate',
  chosen: BackendRef[],
): Impact {
  return {
    backends: chosen.map((ref) => {
      const backend = sample.backends.find((one) => isSame(one, ref));
      if (!backend) {
        return {
          pid: ref.pid,
          found: false,
          who: `pid ${ref.pid}`,
          what: 'It is gone.',
          unblocks: [],
          warnings: [],
        };
      }
      return {
        pid: backend.pid,
        found: true,
        who: describeWho(backend),
        what: describeWhat(sample, backend),
        unblocks: waitersOf(sample.backends, backend.pid),
        warnings: warningsFor(backend, signal),
      };
    }),
  };
}

/** A pid with another start is another backend. */
export function isSame(backend: Pick<Backend, 'pid' | 'backendStart'>, ref: BackendRef): boolean {
  return backend.pid === ref.pid && backend.backendStart === ref.backendStart;
}

/** pids that wait for this one, directly or through others; each once, nearest first. */
export function waitersOf(backends: Backend[], pid: number): number[] {
  const found = new Set<number>();
  const queue = [pid];
  for (const next of queue) {
    for (const backend of backends) {
      if (backend.pid === pid || found.has(backend.pid) || !backend.blockedBy.includes(next)) continue;
      found.add(backend.pid);
      queue.push(backend.pid);
    }
  }
  return [...found];
}

function describeWho(backend: Backend): string {
  const role = backend.user ?? backend.type ?? 'unknown role';
  const application = backend.application ? ` (${backend.application})` : '';
  const from = backend.client ? ` from ${backend.client}` : '';
  const where = backend.database ? ` on ${backend.database}` : '';
  return `${role}${application}${from}${where}`;
}

function describeWhat(sample: ActivitySample, backend: Backend): string {
  if (backend.state === 'hidden') return 'What it does is hidden from this role.';
  const since = backend.state === 'idle' ? backend.stateAt : (backend.queryAt ?? backend.stateAt);
  const age = since === null ? '' : ` for ${Math.max(0, Math.round((sample.serverNow - since) / 1000))} s`;
  const text = backend.query?.replace(/\s+/g, ' ').trim();
  return `${backend.state}${age}${text ? `: ${text}` : ''}`;
}

function warningsFor(backend: Backend, signal: 'cancel' | 'terminate'): string[] {
  const warnings: string[] = [];
  if (backend.own) warnings.push('This is the session with which Howdah watches this server.');
  if (backend.type !== null && backend.type !== 'client backend') {
    warnings.push(`This is a ${backend.type}, not a client's session.`);
  }
  if (signal === 'terminate' && backend.transactionAt !== null) {
    warnings.push('Its open transaction is rolled back.');
  }
  if (signal === 'cancel' && (backend.state === 'idle' || backend.state === 'idle in transaction')) {
    warnings.push('It runs no statement now, so cancelling does nothing; its locks stay.');
  }
  return warnings;
}
