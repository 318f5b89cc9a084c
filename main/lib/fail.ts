import { ORPCError } from '@orpc/server';
import { commonErrors, type Explanation } from '../../preload/contract/common.ts';

type Code = keyof typeof commonErrors;

/** An error of the contract, with its explanation. Throw it; the faces pass it on whole. */
export function fail(
  code: Code,
  explanation: Explanation & Record<string, unknown>,
): ORPCError<Code, unknown> {
  return new ORPCError(code, {
    status: commonErrors[code].status,
    message: explanation.what,
    data: explanation,
  });
}
