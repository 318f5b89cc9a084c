import type { Explanation } from '../../../preload/contract/common.ts';

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
