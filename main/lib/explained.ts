import type { Explanation } from '../../preload/contract/common.ts';

/** An error that can be shown to a person as it is. Each room has a class of its own, to tell its errors from others'. */
export class Explained extends Error {
  readonly problem: Explanation;

  constructor(problem: Explanation) {
    super(problem.what);
    this.problem = problem;
  }
}
