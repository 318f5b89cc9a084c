/** The keychain is locked, and was not unlocked when it asked. */
export class KeychainLocked extends Error {
  override name = 'KeychainLocked';
}

export interface GateOptions {
  /** How long the keychain may take to answer, in ms: it may be waiting for a person. */
  patience: number;
  /** As `patience`, where the person has just asked for it. */
  patienceByHand: number;
  /** Called when it was asked to unlock in vain, and when it was found open after that. */
  onChange(): void;
}

/** The one door to the keychain. A locked one asks a person to unlock it once, however many want something of it. */
export interface Gate {
  /** Why nothing is asked of the keychain; undefined when it may be asked. */
  readonly refused: string | undefined;
  /** Whether the last look found it locked, asked to be unlocked or not. */
  readonly locked: boolean;
  /** Whether a call has not come back yet, be it one that nobody waits for any more. */
  readonly pending: boolean;
  /** Does what may make a locked keychain prompt. @throws KeychainLocked, or what the keychain says */
  ask<T>(work: () => Promise<T>): Promise<T>;
  /** Does what makes no keychain prompt: being locked now does not count as refused. @throws as `ask` */
  look<T>(work: () => Promise<T>): Promise<T>;
  /** Asks once more with work that makes a locked keychain prompt. Several calls at once are one. @throws as `ask` */
  unlock(work: () => Promise<unknown>): Promise<void>;
}

/** Calls of all gates that have not come back. */
let pendingCalls = 0;

/** Whether any call to a keychain has not come back yet: the process can't end by itself then. */
export function isKeychainPending(): boolean {
  return pendingCalls > 0;
}

/**
 * Calls go one after the other. So the first of many is the only one that prompts: when it is refused, those
 * behind it are not made at all. It also leaves the runtime's other threads free while a prompt hangs.
 */
export function openGate({ patience, patienceByHand, onChange }: GateOptions): Gate {
  let refused: string | undefined;
  let locked = false;
  let line: Promise<unknown> = Promise.resolve();
  /** A call that has outlasted our patience: its prompt is still on the screen. */
  let hanging: Promise<unknown> | undefined;
  let calls = 0;
  let unlocking: Promise<void> | undefined;

  const note = (now: { refused: string | undefined; locked: boolean }): void => {
    const changed = refused !== now.refused;
    ({ refused, locked } = now);
    if (changed) onChange();
  };
  const found = (error: unknown, mayHaveAsked: boolean): unknown => {
    if (!saysLocked(error)) return error;
    const why = mayHaveAsked ? 'It asked to be unlocked and was not.' : undefined;
    note({ refused: why, locked: true });
    return new KeychainLocked(why ?? 'It is locked.');
  };
  const run = async <T>(work: () => Promise<T>, limit: number, mayAsk: boolean): Promise<T> => {
    calls += 1;
    pendingCalls += 1;
    const running = work().finally(() => {
      calls -= 1;
      pendingCalls -= 1;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), limit);
    });
    try {
      const answer = await Promise.race([running.then((value) => ({ value })), late]);
      if (answer !== 'late') {
        note({ refused: undefined, locked: false });
        return answer.value;
      }
    } catch (error) {
      throw found(error, mayAsk);
    } finally {
      clearTimeout(timer);
    }
    const why = `It gave no answer within ${Math.round(limit / 1000)} s.`;
    hanging = running
      .then(
        // Answered after all: whoever asks next is served.
        () => note({ refused: undefined, locked: false }),
        () => undefined,
      )
      .finally(() => {
        hanging = undefined;
      });
    note({ refused: why, locked: true });
    throw new KeychainLocked(why);
  };
  const enqueue = <T>(
    work: () => Promise<T>,
    { limit = patience, mayAsk = true, again = false }: { limit?: number; mayAsk?: boolean; again?: boolean },
  ): Promise<T> => {
    const turn = line.then(() => {
      if (refused !== undefined && !again) throw new KeychainLocked(refused);
      return run(work, limit, mayAsk);
    });
    line = turn.catch(() => undefined);
    return turn;
  };

  return {
    get refused() {
      return refused;
    },
    get locked() {
      return locked;
    },
    get pending() {
      return calls > 0;
    },
    ask: (work) => enqueue(work, {}),
    look: (work) => enqueue(work, { mayAsk: false }),
    unlock: (work) => {
      unlocking ??= (async () => {
        if (hanging) {
          // Its prompt is there already; a second one would only lie on top of it.
          await Promise.race([hanging, after(patienceByHand)]);
          if (refused !== undefined) throw new KeychainLocked(refused);
          return;
        }
        await enqueue(work, { limit: patienceByHand, again: true });
      })().finally(() => {
        unlocking = undefined;
      });
      return unlocking;
    },
  };
}

/**
 * Whether the keychain said that it is locked, or that a person did not unlock it. The library passes on what the
 * system says: the Secret Service's `IsLocked` and dismissed prompts, and on macOS the texts of errSecUserCanceled,
 * errSecInteractionNotAllowed and errSecAuthFailed. Windows has no locked keychain.
 */
function saysLocked(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error);
  return /Secret\.Error\.IsLocked|prompt was dismissed|user cancell?ed|interaction is not allowed|passphrase you entered is not correct/i.test(
    text,
  );
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
