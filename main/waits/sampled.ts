import type { ActivitySample, Backend } from '../../preload/contract/activity.ts';
import { onCpu } from '../../preload/contract/waits.ts';
import { isClientSession } from '../sampler/index.ts';
import { hashOf, normalise } from './normalise.ts';

/** An active session as it is told apart from others. */
export interface Active {
  of: 'clients' | 'workers';
  /** `type:event`, or CPU. */
  wait: string;
  user: string;
  application: string;
  database: string;
  statement: Statement;
}

export interface Statement {
  /** The query id, or a hash of the text where it has none. */
  key: string;
  /** Without its constants. */
  text: string;
}

/** For a name that is not there: a background worker has no application. */
export const noName = '(none)';

/** Most texts remembered with what they are without their constants. */
const mostTexts = 2000;

/** Finds out which sessions of samples are active, and by what they are told apart. */
export class Activities {
  readonly #texts = new Map<string, string>();

  /** The active ones of a sample, Howdah's own sessions left out. */
  of({ backends }: ActivitySample): Active[] {
    return backends.flatMap((backend) => {
      const isWorking = backend.state === 'active' || backend.state === 'waiting';
      if (!isWorking || backend.own) return [];
      return [
        {
          of: isClientSession(backend) ? 'clients' : 'workers',
          wait: backend.waitType === null ? onCpu : `${backend.waitType}:${backend.wait ?? 'hidden'}`,
          user: backend.user || noName,
          application: backend.application || noName,
          database: backend.database || noName,
          statement: this.#statementOf(backend),
        },
      ];
    });
  }

  #statementOf({ query, queryId, type, state }: Backend): Statement {
    // A session that is known to wait only from pg_locks.
    if (type === null && state === 'waiting') return { key: 'hidden', text: 'Hidden from this role' };
    const text = this.#normalised(query ?? '');
    if (queryId !== null && queryId !== '0') return { key: queryId, text };
    return text === '' ? { key: noName, text: noName } : { key: hashOf(text), text };
  }

  #normalised(query: string): string {
    const known = this.#texts.get(query);
    if (known !== undefined) return known;
    const text = normalise(query);
    if (this.#texts.size >= mostTexts) {
      const [oldest] = this.#texts.keys();
      if (oldest !== undefined) this.#texts.delete(oldest);
    }
    this.#texts.set(query, text);
    return text;
  }
}
