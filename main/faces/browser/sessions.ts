import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** One-time tokens and the browser sessions they were exchanged for. All of it lives in memory only. */
export interface Sessions {
  /** A fresh token, good for one exchange. Only the 16 newest unused ones are kept. */
  mint(): string;
  /** Exchanges a token for a session id; undefined when it is unknown or was used before. */
  redeem(token: string): string | undefined;
  /** Whether a session id was given out by this console. */
  knows(session: string | undefined): boolean;
}

const mostUnused = 16;
const mostSessions = 64;

/** 256 random bits, base64url. */
const secret = (): string => randomBytes(32).toString('base64url');

/** Secrets are kept and compared as digests: equal lengths, and nothing to read out of memory. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function createSessions(): Sessions {
  let unused: Buffer[] = [];
  let sessions: Buffer[] = [];
  return {
    mint: () => {
      const token = secret();
      unused = [...unused, digest(token)].slice(-mostUnused);
      return token;
    },
    redeem: (token) => {
      const found = find(unused, token);
      if (!found) return undefined;
      unused = unused.filter((each) => each !== found);
      const session = secret();
      sessions = [...sessions, digest(session)].slice(-mostSessions);
      return session;
    },
    knows: (session) => session !== undefined && find(sessions, session) !== undefined,
  };
}

/** Looks at every one, each in constant time, so that the time taken tells nothing about a near miss. */
function find(digests: readonly Buffer[], text: string): Buffer | undefined {
  const wanted = digest(text);
  let found: Buffer | undefined;
  for (const each of digests) if (timingSafeEqual(each, wanted)) found = each;
  return found;
}
