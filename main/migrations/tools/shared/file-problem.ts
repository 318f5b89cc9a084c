import type { Explanation } from '../../../../preload/contract/common.ts';
import type { TrackProblem } from '../../../../preload/contract/migrations.ts';

/** Something of a project's folder can't be read. `path` is as it was asked for, relative to the project. */
export class FileProblem extends Error {
  readonly path: string;
  /** 1-based; undefined where no one line is at fault. */
  readonly line: number | undefined;
  readonly explanation: Explanation;

  constructor(path: string, explanation: Explanation, line?: number) {
    super(`${explanation.what} ${explanation.why}`);
    this.name = 'FileProblem';
    this.path = path;
    this.line = line;
    this.explanation = explanation;
  }
}

/** A problem of the track that says what is wrong with one of its files; anything else is thrown on. */
export function asTrackProblem(error: unknown, severity: TrackProblem['severity'] = 'warning'): TrackProblem {
  if (!(error instanceof FileProblem)) throw error;
  return { severity, ...error.explanation };
}
