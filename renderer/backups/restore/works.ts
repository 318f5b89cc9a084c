import { useCallback, useSyncExternalStore } from 'react';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { dropJob, type Job, tellJob } from '../../shell/jobs.ts';
import type { Work } from './work.ts';

export interface Start<State, Event> {
  first: State;
  /** @throws what the console refuses it for */
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>;
  after: (before: State, event: Event) => State;
  /** What the status strip says of it. */
  job: (state: State) => Omit<Job, 'id'>;
  onEnd?: () => void;
}

interface Held<State> {
  state: State;
  stop: AbortController;
  job: (state: State) => void;
}

/** ms between two pictures of what is told in quick succession. */
const pictureMs = 60;
/** ms that the last words of what is over already may be under way. */
const lastWordsMs = 2000;

/**
 * Work of one kind, by key. It lives here and not in a screen: the console ends what nobody listens to, and who goes to
 * another room, or closes a dialog, must not end a restore by it.
 */
export class Works<State extends Work> {
  readonly #kind: string;
  readonly #held = new Map<string, Held<State>>();
  readonly #listeners = new Set<() => void>();
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(kind: string) {
    this.#kind = kind;
  }

  readonly get = (key: string): State | undefined => this.#held.get(key)?.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Begins, and resolves once the console has taken it. What the key had before is forgotten.
   * @throws what the console refuses it for
   */
  async start<Event>({ first, open, after, job, onEnd }: Start<State, Event>): Promise<void> {
    const { key } = first;
    const stop = new AbortController();
    const events = await open(stop.signal);
    const held: Held<State> = {
      state: first,
      stop,
      job: (state) => tellJob({ id: this.#jobId(key), ...job(state) }),
    };
    this.#held.set(key, held);
    held.job(first);
    this.#tell(true);
    void this.#follow(key, held, events, after).finally(onEnd);
  }

  async #follow<Event>(
    key: string,
    held: Held<State>,
    events: AsyncIterable<Event>,
    after: (before: State, event: Event) => State,
  ): Promise<void> {
    try {
      for await (const event of events) this.#set(key, held, after(held.state, event));
      this.#set(key, held, { ...held.state, phase: 'ended' });
    } catch (error) {
      const isOwn = held.state.isCancelled && held.stop.signal.aborted;
      this.#set(key, held, {
        ...held.state,
        phase: 'ended',
        ...(isOwn ? {} : { problem: explain(error) }),
      });
    }
  }

  /**
   * Asks for its end by its name, so that what it leaves is still heard. Where it has no name yet, or can't be asked,
   * listening is stopped, which ends it too.
   */
  cancel(key: string): void {
    const held = this.#held.get(key);
    if (held?.state.phase !== 'running' || held.state.isCancelled) return;
    const { run } = held.state;
    this.#set(key, held, { ...held.state, isCancelled: true });
    const stop = (): void => {
      if (this.#held.get(key) === held && held.state.phase === 'running') held.stop.abort();
    };
    if (run === undefined) stop();
    else
      client.backups.cancel({ run }).then((isHeard) => {
        if (!isHeard) setTimeout(stop, lastWordsMs);
      }, stop);
  }

  /** Forgets ended work. */
  putAway(key: string): void {
    if (this.#held.get(key)?.state.phase !== 'ended') return;
    this.#held.delete(key);
    this.seen(key);
    this.#tell(true);
  }

  /** An ended piece of work leaves the status strip: it is in sight. */
  seen(key: string): void {
    dropJob(this.#jobId(key));
  }

  #jobId(key: string): string {
    return `backups ${this.#kind} ${key}`;
  }

  #set(key: string, held: Held<State>, state: State): void {
    if (this.#held.get(key) !== held) return;
    const wasRunning = held.state.phase === 'running';
    held.state = state;
    // An ended one may have been seen already.
    if (wasRunning) held.job(state);
    this.#tell(wasRunning && state.phase === 'ended');
  }

  /** At once, or in the next picture: a program may print a thousand lines a second. */
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

/** The work of a key that is under way, or the last one until somebody puts it away. */
export function useWork<State extends Work>(works: Works<State>, key: string): State | undefined {
  return useSyncExternalStore(
    works.subscribe,
    useCallback(() => works.get(key), [works, key]),
  );
}
