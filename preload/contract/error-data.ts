import type { Explanation } from './common.ts';

/** What a failed check of the input names: where, and what is wrong there. */
interface Issue {
  message: string;
  /** Path of the field, parts joined by dots; empty for the whole input. */
  path: string;
}

/** The explanation that the data of a contract error carry, or one made of the first issue of a failed input check. */
export function explanationIn(data: unknown): Explanation | undefined {
  if (isExplanation(data)) return data;
  const issue = firstIssue(data);
  if (!issue) return undefined;
  return {
    cause: 'input',
    what: issue.message,
    why: issue.path ? `Field: ${issue.path}.` : 'The input is not of the right form.',
    next: 'Correct it and try again.',
  };
}

/** The field that the data of a contract error speak of. */
export function fieldIn(data: unknown): string | undefined {
  if (typeof data === 'object' && data !== null && 'field' in data && typeof data.field === 'string')
    return data.field;
  return firstIssue(data)?.path.split('.').at(-1);
}

function isExplanation(data: unknown): data is Explanation {
  return typeof data === 'object' && data !== null && 'what' in data && 'why' in data && 'next' in data;
}

function firstIssue(data: unknown): Issue | undefined {
  const issues = typeof data === 'object' && data !== null && 'issues' in data ? data.issues : undefined;
  const issue: unknown = Array.isArray(issues) ? issues[0] : undefined;
  if (typeof issue !== 'object' || issue === null || !('message' in issue)) return undefined;
  const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.map(String).join('.') : '';
  return { message: String(issue.message), path };
}
