import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import type { LockMode } from '../../../preload/contract/schema-diff.ts';
import { headOf, type Looked } from './faults.ts';

/** A relation that a statement acts on, as far as that is worth a question to the server before the run. */
export interface Touch {
  line: number;
  /** The statement's command. */
  head: string;
  /** As the statement names it, quoted where it has to be. */
  on: string;
  mode: LockMode;
  /** The server asks for its owner. */
  owner: boolean;
  /** What takes long under the lock. */
  long: 'rewrites' | 'perhaps' | 'scans' | null;
}

/** Touches of one file; more would only say the same again. */
const mostTouches = 500;
/** Modes under which writers wait, or readers too. */
const blocking: readonly LockMode[] = ['SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];
/** Commands that only the owner may give; of those with several relations the first one is meant. */
const ownersOnly =
  /^(AlterTableStmt|IndexStmt|RenameStmt|DropStmt|CreatePolicyStmt|AlterPolicyStmt|RuleStmt)$/;

/** What the statements take locks on that others wait for, and what they need to own. */
export function touchesOf(all: readonly Looked[]): Touch[] {
  const found: Touch[] = [];
  for (const { text, line, statement, effects } of all) {
    if (!statement || !effects) continue;
    for (const [index, { mode, on }] of effects.locks.entries()) {
      const owner =
        ownersOnly.test(statement.node) && (index === 0 || statement.node === 'DropStmt') && !setsRole(all);
      if (!owner && !blocking.includes(mode)) continue;
      if (found.length >= mostTouches) return found;
      const long =
        effects.rewrites === 'no'
          ? effects.scans
            ? 'scans'
            : null
          : effects.rewrites === 'yes'
            ? 'rewrites'
            : 'perhaps';
      found.push({ line, head: headOf(text), on, mode, owner, long });
    }
  }
  return found;
}

/** What to know of a file before it runs that does not stop it, a sentence each. */
export function remarksOn(tool: MigrationToolId, all: readonly Looked[]): string[] {
  return [...endlessWaits(all), ...(tool === 'goose' ? [] : returnsInTexts(all))];
}

/** From then on the run's own limit no longer holds. pg_dump's files begin so. */
function endlessWaits(all: readonly Looked[]): string[] {
  const found = all.find(({ text }) =>
    /^set\s+(session\s+|local\s+)?lock_timeout\s*(=|to)\s*'?\s*0+\s*(us|ms|s|min|h|d)?\s*'?$/i.test(
      text.trim(),
    ),
  );
  return found
    ? [
        `Line ${found.line} sets lock_timeout to 0: what follows waits for locks without end, and all others wait behind it.`,
      ]
    : [];
}

/** goose takes them away; the other tools send what stands there. */
function returnsInTexts(all: readonly Looked[]): string[] {
  const found = all.find(
    ({ text, statement }) => text.includes('\r\n') && statement && hasReturn(statement.fields),
  );
  return found
    ? [
        `The text that begins in the statement of line ${found.line} goes over several lines that end with CRLF: the carriage returns become a part of it, such as of a function’s body. From a checkout with other line ends it comes out different.`,
      ]
    : [];
}

function hasReturn(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\r\n');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasReturn);
}

const setsRole = (all: readonly Looked[]): boolean =>
  all.some(
    ({ statement }) =>
      statement?.node === 'VariableSetStmt' &&
      /^(role|session_authorization)$/.test(String(statement.fields.name)),
  );
