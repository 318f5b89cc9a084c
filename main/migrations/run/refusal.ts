import type { Explanation } from '../../../preload/contract/common.ts';
import { fail } from '../../lib/fail.ts';
import { FileProblem } from '../tools/shared/file-problem.ts';

/** A run, or a mark, that is not begun. Nothing was changed. */
export class Refusal extends Error {
  readonly explanation: Explanation;

  constructor(explanation: Explanation) {
    super(`${explanation.what} ${explanation.why}`);
    this.name = 'Refusal';
    this.explanation = explanation;
  }
}

/** Throws a refusal where an expression is wanted. */
export function refuse(explanation: Explanation): never {
  throw new Refusal(explanation);
}

/** Does some work; refusals, and files that can't be read, are thrown as errors of the contract, at a field of its input. */
export async function refusing<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof FileProblem)
      throw fail('INVALID', { ...error.explanation, field });
    throw error;
  }
}
