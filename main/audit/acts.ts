import { AsyncLocalStorage } from 'node:async_hooks';

/** A call that changes or destroys something on a server, while it runs. */
interface Act {
  who: string;
  isOpen: boolean;
  /** A room has noted an event of it. */
  isNoted: boolean;
}

interface Acts {
  /** Begins an act of somebody, for example `ada via desktop`. */
  begin(who: string): OpenAct;
  /** The text of an event, with who did it where it was noted in the course of an act. */
  signed(text: string): string;
}

interface OpenAct {
  /** Does a part of it. What is begun within and goes on after its end is no part of it. */
  run<T>(work: () => T): T;
  /** It ended well: where no room has noted an event of it, one is noted now. */
  succeed(environment: string, procedure: readonly string[]): void;
  end(): void;
}

/** Turns acts of this console into events that are laid over the charts, each once. */
export function openActs(onEvent: (environment: string, kind: string, text: string) => void): Acts {
  const storage = new AsyncLocalStorage<Act>();
  return {
    begin: (who) => {
      const act: Act = { who, isOpen: true, isNoted: false };
      return {
        run: (work) => storage.run(act, work),
        succeed: (environment, procedure) => {
          if (!act.isNoted) storage.run(act, () => onEvent(environment, 'act', wordsOf(procedure)));
        },
        end: () => {
          act.isOpen = false;
        },
      };
    },
    signed: (text) => {
      const act = storage.getStore();
      if (!act?.isOpen) return text;
      act.isNoted = true;
      return `${text.replace(/\.$/, '')} (${act.who})`;
    },
  };
}

/** `['storage', 'dropIndex']` as `Storage: drop index`. */
function wordsOf([room = '', ...rest]: readonly string[]): string {
  const words = rest.join(' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${room.charAt(0).toUpperCase()}${room.slice(1)}: ${words.trim()}`;
}
