import type { AnyAuthMethod, AuthenticationType, NextAuthHandler, Prompt } from 'ssh2';
import type { WayProblem } from '../lib/way-problem.ts';
import { type Identities, OneKeyAgent } from './identities.ts';
import { authenticationRefused, passphraseMissing, passwordMissing } from './problems.ts';
import type { Hop } from './route.ts';

export interface AuthenticationNeeds {
  hop: Hop;
  identities: Identities;
  /** The stored password of this hop; asked for only once the server wants one. */
  password(): Promise<string | undefined>;
  /** Called once there is nothing more to try, and why. */
  onEnd(problem: unknown): void;
}

/**
 * Logs in to one hop, method by method (RFC 4252). It outlives a connection that the server ends because of too many
 * tries, and goes on in the next one where it was.
 */
export class Authentication {
  #needs: AuthenticationNeeds;
  #keysLeft: Identities['offered'];
  #tried: string[] = [];
  #offered = new Set<string>();
  /** Whether a key was shown since the server last said what it offers: the library does not pass that on. */
  #offerIsOld = false;
  #passwordTried = false;
  /** Whether the server took the password but wants more. */
  #passwordAccepted = false;
  #passwordMissing = false;
  #closedKey: { path: string; wasWrong: boolean } | undefined;
  #partly = false;
  /** What the server asked for that can't be given, in its own words. */
  #alsoAsked: string | undefined;

  constructor(needs: AuthenticationNeeds) {
    this.#needs = needs;
    this.#keysLeft = [...needs.identities.offered];
    this.#closedKey = needs.identities.closed;
  }

  /** Whether another connection has something left to try. */
  get hasMore(): boolean {
    return (
      this.#keysLeft.length > 0 || (this.#mayUsePassword && !this.#passwordTried && !this.#passwordMissing)
    );
  }

  /** Whether a password was sent that the server has not taken. */
  get passwordSent(): boolean {
    return this.#passwordTried && !this.#passwordAccepted;
  }

  /** Leaves the remaining keys out where there may be a password: what is left is the last connection. */
  goToPassword(): void {
    if (this.#mayUsePassword && !this.#passwordTried) this.#keysLeft = [];
  }

  /** A key that the server would take, had it been opened. */
  onClosedKey(path: string, wasWrong: boolean): void {
    this.#closedKey ??= { path, wasWrong };
  }

  /** The library's handler: it is called with what the server offers, first with nothing. */
  handle = (methods: AuthenticationType[] | null, partly: boolean | null, next: NextAuthHandler): void => {
    if (partly) this.#partly = true;
    if (partly && this.#passwordTried) this.#passwordAccepted = true;
    if (methods) {
      const before = [...this.#offered].join();
      // Other methods than before: a key was taken, and something else is wanted besides.
      if (before && before !== methods.join() && !this.#passwordTried) this.#partly = true;
      this.#offered = new Set(methods);
    }
    this.#choose(methods === null).then(
      (method) => {
        if (method) next(method);
        else this.#needs.onEnd(this.problem());
      },
      (error: unknown) => this.#needs.onEnd(error),
    );
  };

  /** Why nothing got in. */
  problem(): WayProblem {
    const { hop, identities } = this.#needs;
    const tried = this.#tried.length > 0 ? `Tried: ${this.#tried.join(', ')}. ` : 'Nothing could be tried. ';
    const notes = identities.notes.length > 0 ? `${identities.notes.join(' ')} ` : '';
    const offers = this.#offered.size > 0 ? `The server offers: ${[...this.#offered].join(', ')}. ` : '';
    if (this.passwordSent) {
      return authenticationRefused(hop, {
        why: `${tried}${notes}${offers}`.trim(),
        next: 'Enter the password again. It is not tried again by itself: that locks accounts.',
        passwordWrong: true,
      });
    }
    if (this.#closedKey) return passphraseMissing(this.#closedKey.path, this.#closedKey.wasWrong);
    if (this.#passwordMissing) {
      return passwordMissing(hop, this.#tried.length > 0 ? `${tried}None of it was accepted. ` : '');
    }
    const more = this.#alsoAsked
      ? `The server also asks "${this.#alsoAsked}", which only a person can answer. `
      : this.#partly
        ? 'What was given was accepted, but the server wants more. '
        : '';
    return authenticationRefused(hop, {
      why: `${tried}${notes}${more}${offers}`.trim(),
      next: more
        ? 'Use a companion command (ssh -N -L …) where a person logs in, or an account that needs one proof only.'
        : `Check the user name, and that the public key is in authorized_keys of ${hop.user} there.`,
      passwordWrong: false,
    });
  }

  get #mayUsePassword(): boolean {
    return this.#needs.hop.auth === 'auto' || this.#needs.hop.auth === 'password';
  }

  async #choose(first: boolean): Promise<AnyAuthMethod | undefined> {
    const username = this.#needs.hop.user;
    // Tells what the server offers; servers don't count the first one as a try.
    if (first) return { type: 'none', username };
    if (this.#offered.has('publickey')) {
      const identity = this.#keysLeft.shift();
      if (identity) {
        this.#tried.push(identity.label);
        this.#offerIsOld = true;
        const onRefusal = (): void => {
          this.#tried[this.#tried.length - 1] = `${identity.label} (not opened, or its agent said no)`;
        };
        return { type: 'agent', username, agent: new OneKeyAgent(identity, onRefusal) };
      }
    }
    if (this.#offerIsOld && !this.#offersPassword) {
      this.#offerIsOld = false;
      return { type: 'none', username };
    }
    if (!this.#mayUsePassword || this.#passwordTried || !this.#offersPassword) return undefined;
    const password = await this.#needs.password();
    if (password === undefined) {
      this.#passwordMissing = true;
      return undefined;
    }
    this.#passwordTried = true;
    this.#tried.push('the password');
    if (this.#offered.has('password')) return { type: 'password', username, password };
    return {
      type: 'keyboard-interactive',
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => this.#answer(prompts, password, finish),
    };
  }

  get #offersPassword(): boolean {
    return this.#offered.has('password') || this.#offered.has('keyboard-interactive');
  }

  #answered = false;

  /** Answers one hidden question for a password, once; whatever else is asked ends the attempt. */
  #answer(prompts: Prompt[], password: string, finish: (answers: string[]) => void): void {
    const [question] = prompts;
    const asksPassword =
      prompts.length === 1 &&
      question?.echo !== true &&
      !/code|token|otp|passcode|pin\b/i.test(question?.prompt ?? '');
    if (asksPassword && !this.#answered) {
      this.#answered = true;
      finish([password]);
      return;
    }
    const words = prompts.map(({ prompt }) => prompt).join(' ');
    this.#alsoAsked =
      words
        .replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, ' ')
        .trim()
        .slice(0, 100) || 'something';
    if (!this.#answered) this.#passwordTried = false;
    // Asked for the password again, it was wrong; asked for something else, it was right.
    else if (!/passwor/i.test(words)) this.#passwordAccepted = true;
    this.#needs.onEnd(this.problem());
  }
}
