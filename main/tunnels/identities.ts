import { existsSync } from 'node:fs';
import ssh2, {
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import type { WayProblem } from '../lib/way-problem.ts';
import { type OpenedKey, openKey, signWith } from './private-key.ts';
import { agentMissing, keyUnreadable, shellWord } from './problems.ts';
import { readRegularFile, UnusableFile } from './read-text.ts';
import type { Hop } from './route.ts';
import { unlockKey } from './unlock-key.ts';

/** A key that can be offered to a server: the public half is shown, and it signs once the server would take it. */
export interface Identity {
  /** In words: `the key ~/.ssh/id_rsa`. */
  label: string;
  /** SSH's wire format. */
  publicKey: Buffer;
  /** Signs; rejects when the agent or the person says no. */
  sign(data: Buffer, options: SigningRequestOptions): Promise<Buffer>;
}

export interface Identities {
  /** In the order in which they are offered. */
  offered: Identity[];
  /** Files that were named but give nothing, in words. */
  notes: string[];
  /** A key that can't even be offered before its passphrase is known. */
  closed: { path: string; wasWrong: boolean } | undefined;
}

export interface IdentityNeeds {
  hop: Hop;
  passphrase(path: string): Promise<string | undefined>;
  /** Called when a server would take a key whose passphrase is missing or wrong. */
  onClosed(path: string, wasWrong: boolean): void;
}

/** Keys are small; what is larger is something else, in bytes. */
const LARGEST_KEY = 64 * 1024;
/** How long an agent may take to list its keys, in ms. */
const AGENT_TIMEOUT = 5_000;

/**
 * The keys to offer. Servers count each offer and end the connection after a few (MaxAuthTries, 6 by default), so
 * those that somebody named come first, then the agent's others, then the usual files.
 *
 * @throws WayProblem when the one thing that was asked for (agent, key file) can't be used
 */
export async function identitiesFor({ hop, passphrase, onClosed }: IdentityNeeds): Promise<Identities> {
  const identities: Identities = { offered: [], notes: [], closed: undefined };
  if (hop.auth === 'password') return identities;
  const held = hop.auth === 'key' ? [] : await heldByAgent(hop, identities.notes);
  const add = (identity: Identity): void => {
    if (!identities.offered.some(({ publicKey }) => publicKey.equals(identity.publicKey))) {
      identities.offered.push(identity);
    }
  };

  const fromFile = async (path: string, mustWork: boolean): Promise<void> => {
    const found = await readKeyFile(path, { passphrase, onClosed });
    const inAgent = held.find(({ publicKey }) => 'publicKey' in found && publicKey.equals(found.publicKey));
    if (inAgent) add(inAgent);
    else if (hop.auth === 'agent') return;
    else if ('sign' in found) add(found);
    else if ('closed' in found) identities.closed ??= { path, wasWrong: found.closed === 'wrong' };
    else if (mustWork) throw keyUnreadable(path, found.why, found.command);
    else if (found.isThere) identities.notes.push(`${path} can't be used: ${found.why}`);
  };

  const named = hop.identityFiles ?? [];
  if (hop.keyFile !== undefined) await fromFile(hop.keyFile, hop.auth !== 'agent');
  for (const path of named) await fromFile(path, false);
  if (!hop.identitiesOnly) held.forEach(add);
  for (const path of hop.usualFiles) await fromFile(path, false);

  if (hop.auth === 'key' && identities.offered.length === 0 && !identities.closed) {
    const looked = hop.identityFiles ?? hop.usualFiles;
    throw keyUnreadable(
      looked[0] ?? 'IdentityFile none',
      identities.notes.join(' ') || `There is no such file. Looked for ${looked.join(', ') || 'none'}.`,
      'ls -l ~/.ssh',
    );
  }
  return identities;
}

/** For the library, an agent that holds one key. */
export class OneKeyAgent extends ssh2.BaseAgent {
  #identity: Identity;
  #onRefusal: (error: unknown) => void;

  constructor(identity: Identity, onRefusal: (error: unknown) => void) {
    super();
    this.#identity = identity;
    this.#onRefusal = onRefusal;
  }

  override getIdentities(callback: IdentityCallback): void {
    callback(undefined, [this.#identity.publicKey]);
  }

  override sign(
    _key: unknown,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    this.#identity.sign(data, typeof options === 'function' ? {} : options).then(
      (signature) => done?.(undefined, signature),
      (error: unknown) => {
        this.#onRefusal(error);
        done?.(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
}

async function heldByAgent(hop: Hop, notes: string[]): Promise<Identity[]> {
  const fail = (): Identity[] => {
    if (hop.auth === 'agent') throw agentMissing(hop, hop.agent);
    if (hop.agent) notes.push(`No agent answers at ${hop.agent}.`);
    return [];
  };
  if (!hop.agent) return fail();
  const agent = ssh2.createAgent(hop.agent);
  const keys = await listKeys(agent).catch(() => undefined);
  if (!keys) return fail();
  if (keys.length === 0) notes.push('The agent holds no keys.');
  return keys.map((key) => ({
    label: `the agent's key ${key.comment || key.type}`,
    publicKey: key.getPublicSSH(),
    sign: (data, options) =>
      new Promise((resolve, reject) =>
        agent.sign(key, data, options, (error, signature) =>
          signature ? resolve(signature) : reject(error ?? new Error('The agent did not sign.')),
        ),
      ),
  }));
}

function listKeys(agent: ssh2.BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('The agent does not answer.')), AGENT_TIMEOUT);
    agent.getIdentities((error, keys) => {
      clearTimeout(late);
      if (error) return reject(error);
      const parsed = (keys ?? []).map((key) => ssh2.utils.parseKey(key as Buffer));
      resolve(parsed.filter((key): key is ParsedKey => !(key instanceof Error)));
    });
  });
}

type FromFile =
  | Identity
  | { closed: 'missing' | 'wrong' }
  | { why: string; isThere: boolean; command?: string; publicKey?: Buffer };

async function readKeyFile(
  path: string,
  { passphrase, onClosed }: Pick<IdentityNeeds, 'passphrase' | 'onClosed'>,
): Promise<FromFile> {
  let file: Buffer | undefined;
  try {
    file = readRegularFile(path, LARGEST_KEY);
  } catch (error) {
    if (error instanceof UnusableFile) {
      return { why: `It ${error.message}.`, isThere: true, command: `ls -l ${shellWord(path)}` };
    }
    throw error;
  }
  if (!file) return { why: 'There is no such file.', isThere: false, command: `ls -l ${shellWord(path)}` };
  const data = file.toString('utf8');
  if (data.trim() === '') return { why: 'It is empty.', isThere: true, command: `ls -l ${shellWord(path)}` };

  const label = `the key ${path}`;
  const key = openKey(data);
  if ('pem' in key) {
    return {
      label,
      publicKey: Buffer.from(key.publicKey, 'base64'),
      sign: async (bytes, options) => signWith(key, bytes, options.hash),
    };
  }
  if (key.problem === 'public') {
    const publicKey = Buffer.from(key.publicKey ?? '', 'base64');
    return { why: 'It is a public key; the private one proves who you are.', isThere: true, publicKey };
  }
  if (key.problem === 'not-a-key') {
    return { why: 'It is no private key in a format that SSH uses.', isThere: true };
  }

  const unlock = async (): Promise<OpenedKey | 'missing' | 'wrong' | WayProblem> => {
    const stored = await passphrase(path);
    if (stored === undefined) return 'missing';
    const opened = await unlockKey(data, stored);
    if ('pem' in opened) return opened;
    // An empty passphrase is taken for none at all.
    if (opened.problem === 'wrong-passphrase' || opened.problem === 'encrypted') return 'wrong';
    return keyUnreadable(path, opened.detail ?? 'It is damaged.');
  };

  const half = key.publicKey ?? publicFileBeside(path);
  if (half !== undefined) {
    return {
      label,
      publicKey: Buffer.from(half, 'base64'),
      sign: async (bytes, options) => {
        const opened = await unlock();
        if (opened === 'missing' || opened === 'wrong') {
          onClosed(path, opened === 'wrong');
          throw new Error('The key is locked.');
        }
        if (opened instanceof Error) throw opened;
        return signWith(opened, bytes, options.hash);
      },
    };
  }
  const opened = await unlock();
  if (opened === 'missing' || opened === 'wrong') return { closed: opened };
  if (opened instanceof Error) return { why: opened.explanation.why, isThere: true };
  return {
    label,
    publicKey: Buffer.from(opened.publicKey, 'base64'),
    sign: async (bytes, options) => signWith(opened, bytes, options.hash),
  };
}

/** The older formats hide the public half; ssh-keygen keeps it beside the key. Base64. */
function publicFileBeside(path: string): string | undefined {
  const file = `${path}.pub`;
  if (!existsSync(file)) return undefined;
  try {
    const key = openKey(readRegularFile(file, LARGEST_KEY)?.toString('utf8') ?? '');
    return 'problem' in key && key.problem === 'public' ? key.publicKey : undefined;
  } catch {
    return undefined;
  }
}
