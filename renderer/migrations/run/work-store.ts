import { useCallback, useSyncExternalStore } from 'react';
import { explain } from '../../lib/errors.ts';
import { queryClient } from '../../lib/query-client.ts';
import { dropJob, type Job, tellJob } from '../../shell/jobs.ts';
import { migrationsAddress } from '../address.ts';
import { statusKey } from '../use-status.ts';
import { type AskedWork, askForWork } from './asked-work.ts';
import type { Work } from './work.ts';

interface Held<State> {
  state: State;
  stop: AbortController;
  job: (state: State) => void;
}

export interface Start<State, Event> {
  /** Other keys by which it would be found: what is held there is forgotten. */
  others?: readonly string[];
  /** Id. */
  environment: string;
  /** What is asked of the room to show it. */
  shown: AskedWork;
  first: State;
  /** @throws what the console refuses it for */
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>;
  after: (before: State, event: Event) => State;
  /** What the status strip says of it. */
  job: (state: State) => Pick<Job, 'title' | 'detail' | 'done' | 'total' | 'state'>;
}

/** ms between two pictures of what is told in quick succession. */
const pictureMs = 60;
/** ms after which the state is looked at once more when the end was not heard: the server may still be undoing. */
const afterUnheard = 1500;

/**
 * Work of one kind, by key. It lives here and not in the screen: who goes to another tab must not end a migration by
 * it. The server ends what nobody listens to.
 */
export class WorkStore<State extends Work> {
  readonly #held = new Map<string, Held<State>>();
  readonly #listeners = new Set<() => void>();
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get(key: string): State | undefined {
    return this.#held.get(key)?.state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Begins, and resolves once the console has taken it. What the key had before is forgotten.
   * @throws what the console refuses it for
   */
  async start<Event>(start: Start<State, Event>): Promise<void> {
    const { others = [], environment, shown, first, open, after } = start;
    const { key } = first;
    const stop = new AbortController();
    const events = await open(stop.signal);
    const id = jobId(shown.kind, key);
    const job = (state: State): void =>
      tellJob({
        id,
        environment,
        ...start.job(state),
        address: migrationsAddress(environment, 'status'),
        show: () => askForWork(environment, shown),
      });
    const held: Held<State> = { state: first, stop, job };
    for (const other of others) if (other !== key) this.#held.delete(other);
    this.#held.set(key, held);
    job(first);
    this.#tell(true);
    void (async () => {
      try {
        for await (const event of events) this.#set(key, held, after(held.state, event));
        this.#set(key, held, { ...held.state, phase: 'ended' });
      } catch (error) {
        const isOwn = held.state.isCancelled && stop.signal.aborted;
        this.#set(key, held, {
          ...held.state,
          phase: 'ended',
          ...(isOwn ? {} : { problem: explain(error) }),
        });
        if (isOwn) setTimeout(() => look(environment), afterUnheard);
      } finally {
        look(environment);
      }
    })();
  }

  /** Notes something of the work under way. */
  change(key: string, changes: Partial<Work>): void {
    const held = this.#held.get(key);
    if (held) this.#set(key, held, { ...held.state, ...changes });
  }

  /** Stops listening, which ends the work; what it would have told is not heard any more. */
  stop(key: string): void {
    const held = this.#held.get(key);
    if (held?.state.phase !== 'running') return;
    this.#set(key, held, { ...held.state, isCancelled: true });
    held.stop.abort();
  }

  /** Forgets ended work. */
  putAway(key: string): void {
    if (this.#held.get(key)?.state.phase !== 'ended') return;
    this.#held.delete(key);
    this.#tell(true);
  }

  #set(key: string, held: Held<State>, state: State): void {
    if (this.#held.get(key) !== held) return;
    const wasRunning = held.state.phase === 'running';
    held.state = state;
    // An ended one may have been seen already.
    if (wasRunning) held.job(state);
    this.#tell(wasRunning && state.phase === 'ended');
  }

  /** At once, or in the next picture: a command may print a thousand lines a second. */
  #tell(isUrgent: boolean): void {
    const wait = isUrgent ? 0 : this.#told + pictureMs - performance.now();
    if (wait <= 0) this.#tellNow();
    else this.#timer ??= setTimeout(() => this.#tellNow(), wait);
  }

  #tellNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = performance.now();
    for (const listener of this.#listeners) listener();
  }
}

/** The work of one of these keys that is under way, or the last one until somebody puts it away. */
export function useWork<State extends Work>(
  store: WorkStore<State>,
  ...[key, other = key]: readonly [string, string?]
): State | undefined {
  return useSyncExternalStore(
    store.subscribe,
    useCallback(() => store.get(key) ?? store.get(other), [store, key, other]),
  );
}

/** An ended piece of work leaves the status strip: it is in sight. */
export const workSeen = (kind: AskedWork['kind'], key: string): void => dropJob(jobId(kind, key));

const jobId = (kind: AskedWork['kind'], key: string): string => `migrations ${kind} ${key}`;

const look = (environment: string): void =>
  void queryClient.invalidateQueries({ queryKey: statusKey(environment) });
