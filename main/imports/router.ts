import { homedir } from 'node:os';
import type { Environment, EnvironmentDraft } from '../../preload/contract/environments.ts';
import type { ImportSource } from '../../preload/contract/imports.ts';
import { checkProtectors, guardsAmong } from '../guard/index.ts';
import { fail } from '../lib/fail.ts';
import { noEnvironment } from '../lib/no-environment.ts';
import type { Implementer } from '../rpc.ts';
import type { Found } from './found.ts';
import { printExport } from './howdah.ts';
import { findPlaces } from './places.ts';
import { type Kept, openPreviews } from './previews.ts';
import { readFiles } from './read-files.ts';
import { takesPassword } from './same-place.ts';

/** What importing needs of the rest of the console. */
export interface ImportsNeeds {
  list(): Environment[];
  /** Saves an environment; `connect` only marks it, nothing is connected yet. @throws INVALID when the name is taken */
  add(draft: EnvironmentDraft, options: { connect: boolean }): Promise<Environment>;
  /** Puts its password into the keychain, into memory without one. */
  setPassword(id: string, password: string): Promise<void>;
  /** Takes back what `add` and `setPassword` did. */
  removeAgain(id: string): Promise<void>;
  /** Begins to connect it, without waiting. Called only when all were added. */
  connect(id: string): void;
  /** This account's home; the system's own unless given. */
  home?: string;
}

/** Bytes of all files together that come with their content. */
const largestTogether = 6_000_000;

interface Choice {
  key: string;
  draft: EnvironmentDraft;
  password: boolean;
  connect: boolean;
  confirm?: string | undefined;
}

export function importsRouter(os: Implementer, needs: ImportsNeeds) {
  const home = needs.home ?? homedir();
  const previews = openPreviews();

  return os.imports.router({
    places: os.imports.places.handler(() =>
      findPlaces({ home, platform: process.platform, env: needs.home === undefined ? process.env : {} }),
    ),
    preview: os.imports.preview.handler(async ({ input: { sources, kind } }) => {
      checkSize(sources);
      const read = await readFiles(sources, kind, home);
      return previews.keep({ ...read, found: await asProtected(read.found, needs.list()) }, needs.list());
    }),
    take: os.imports.take.handler(async ({ input: { preview, choices } }) => {
      const found = previews.found(preview);
      if (!found) throw previewGone();
      checkChoices(choices, found, needs.list());
      const guards = await guardsAmong(needs.list());
      for (const { draft, confirm } of choices) {
        checkProtectors(draft, await guards.protectors(draft.connection, draft.protection), confirm);
      }
      const { added, withoutPassword } = await addAll(needs, choices, found);
      previews.drop(preview);
      for (const [index, { id }] of added.entries()) if (choices[index]?.connect) needs.connect(id);
      const now = new Map(needs.list().map((one) => [one.id, one]));
      return { added: added.map((one) => now.get(one.id) ?? one), withoutPassword };
    }),
    export: os.imports.export.handler(({ input: { environments } }) => ({
      name: 'howdah-environments.json',
      text: printExport(chosen(needs.list(), environments)),
    })),
  });
}

/**
 * Adds one after the other. When one can't be added, those before it are taken back. Gives the names of those that go
 * elsewhere than the password that was found for them, too.
 */
async function addAll(
  needs: ImportsNeeds,
  choices: Choice[],
  found: ReadonlyMap<string, Kept>,
): Promise<{ added: Environment[]; withoutPassword: string[] }> {
  const added: Environment[] = [];
  const withoutPassword: string[] = [];
  try {
    for (const { key, draft, password: wanted, connect } of choices) {
      const one = await needs.add(draft, { connect });
      added.push(one);
      const { password, connection } = found.get(key) ?? {};
      if (!wanted || password === undefined || !connection) continue;
      if (takesPassword(connection, draft.connection)) await needs.setPassword(one.id, password);
      else withoutPassword.push(one.name);
    }
    return { added, withoutPassword };
  } catch (error) {
    // Each is tried: one that can't be taken back must not keep the others.
    for (const { id } of added.reverse()) await needs.removeAgain(id).catch(() => undefined);
    throw error;
  }
}

/** Finds on servers that saved environments protect, proposed with the same protection. */
async function asProtected<T extends Found>(finds: T[], saved: Environment[]): Promise<T[]> {
  const guards = await guardsAmong(saved);
  return await Promise.all(
    finds.map(async (one) => {
      const { connection, protection } = one.draft;
      const { environments, certain } = await guards.protectors(connection, protection);
      const [first] = environments;
      if (!first || !certain) return one;
      const note = {
        severity: 'notice' as const,
        id: 'protection-raised',
        text: `“${first.name}” is on the same server and ${first.protection}, so this one is proposed as ${first.protection} too.`,
      };
      return { ...one, draft: { ...one.draft, protection: first.protection }, notes: [...one.notes, note] };
    }),
  );
}

/** Files that are sent along travel in one message. @throws INVALID */
function checkSize(sources: ImportSource[]): void {
  const sent = sources.reduce((sum, one) => sum + ('content' in one ? (one.content.length / 4) * 3 : 0), 0);
  if (sent <= largestTogether) return;
  throw invalid(
    'sources',
    `The files have ${(sent / 1_000_000).toFixed(1)} MB together; ${largestTogether / 1_000_000} MB are read at a time.`,
    'They are sent in one message. Nothing was read.',
    'Read fewer of them at a time, or give their paths.',
    'files-too-large',
  );
}

/** Everything that can be known beforehand. @throws INVALID naming the field */
function checkChoices(choices: Choice[], found: ReadonlyMap<string, unknown>, existing: Environment[]): void {
  const names = new Set(existing.map(({ name }) => name.toLowerCase()));
  const keys = new Set<string>();
  for (const [index, { key, draft }] of choices.entries()) {
    if (!found.has(key) || keys.has(key)) {
      throw invalid(
        `choices.${index}.key`,
        'A chosen connection is not in the preview, or is chosen twice.',
        'Nothing was added.',
        'Read the files again and choose from what is shown then.',
        'choice-unknown',
      );
    }
    keys.add(key);
    if (names.has(draft.name.toLowerCase())) {
      throw invalid(
        `choices.${index}.draft.name`,
        `There is already an environment named "${draft.name}", or two of those chosen have this name.`,
        'Names tell environments apart on every screen and on the command line. Nothing was added.',
        'Give it another name.',
        'name-taken',
      );
    }
    names.add(draft.name.toLowerCase());
  }
}

function previewGone(): Error {
  return invalid(
    'preview',
    'What was read from the files is no longer there.',
    'It is kept for a quarter of an hour at most, because passwords are in it, and until it is taken.',
    'Read the files again.',
    'preview-gone',
  );
}

/** Environments by id or name, in the given order; all of a person's own when none is named. */
function chosen(all: Environment[], refs: string[] | undefined): Environment[] {
  const own = all.filter(({ sample, transient }) => sample === undefined && !transient);
  if (refs === undefined || refs.length === 0) return own;
  const found = refs.map((ref) => {
    const one = all.find(({ id }) => id === ref) ?? all.find(({ name }) => name === ref);
    if (!one) {
      throw fail('ENVIRONMENT_UNKNOWN', {
        cause: 'environment-unknown',
        what: noEnvironment(ref),
        why: 'It was removed or renamed, or the name is misspelt.',
        next: 'howdah environments list shows the names.',
      });
    }
    if (own.includes(one)) return one;
    throw invalid(
      'environments',
      `"${one.name}" can’t be exported.`,
      one.transient
        ? 'It was opened from a URL for this run only.'
        : 'It belongs to the sample server of this machine.',
      'Leave it out.',
      'not-exportable',
    );
  });
  return [...new Set(found)];
}

function invalid(field: string, what: string, why: string, next: string, cause: string): Error {
  return fail('INVALID', { cause, field, what, why, next });
}
