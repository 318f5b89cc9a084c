/** What can go wrong with a sample server, by name. */
export type SampleCause =
  | 'sample-no-binaries'
  | 'sample-no-account'
  | 'sample-busy'
  | 'sample-initdb-failed'
  | 'sample-start-failed'
  | 'sample-stop-failed'
  | 'sample-assets-damaged'
  | 'sample-load-failed';

/** An error of the sample server, told as what happened, why, and what to do next. */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  readonly code: SampleCause;
  readonly what: string;
  readonly why: string;
  readonly next: string;

  constructor(code: SampleCause, what: string, why: string, next: string, options?: ErrorOptions) {
    super(`${what} ${why} ${next}`, options);
    this.code = code;
    this.what = what;
    this.why = why;
    this.next = next;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
