/**
 * The longest message that is taken from a client, in bytes: room for more files than an import takes, so that the
 * answer to too many of them is one in words.
 */
export const longestFrame = 32 * 1024 * 1024;

/** Kinds of message that a client may send (oRPC peer protocol): a request, one event of a stream, an abort. */
const kinds: readonly unknown[] = [undefined, 1, 3, 4];

/** A text frame as understood: what it is, or why it is nothing of ours. */
type Frame = { kind: 'request' | 'event' | 'abort' } | { kind: 'none'; problem: string };

/**
 * Whether a text frame is a message of the peer protocol that oRPC's client speaks, by its outer shape:
 * `{ i: id, t?: kind, p: payload }`. What a request asks for is checked by the contract, not here.
 */
export function readFrame(text: string): Frame {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { kind: 'none', problem: 'not JSON' };
  }
  const problem = messageProblem(message);
  if (problem !== undefined) return { kind: 'none', problem };
  const { t } = message as { t?: unknown };
  return { kind: t === 4 ? 'abort' : t === 3 ? 'event' : 'request' };
}

/** What is wrong with a frame, or undefined when it may be passed on. */
export function frameProblem(text: string): string | undefined {
  const frame = readFrame(text);
  return frame.kind === 'none' ? frame.problem : undefined;
}

function messageProblem(message: unknown): string | undefined {
  if (!isRecord(message)) return 'not an object';
  if (typeof message.i !== 'string' || message.i.length > 64) return 'no id';
  if (!kinds.includes(message.t)) return 'no known kind';
  if (message.t === 4) return undefined;
  if (!isRecord(message.p)) return 'no payload';
  return message.t === 3 ? undefined : requestProblem(message.p);
}

function requestProblem(request: Record<string, unknown>): string | undefined {
  if (typeof request.u !== 'string' || !/^(\/|http:\/\/orpc\/)/.test(request.u)) return 'no path';
  if (request.m !== undefined && typeof request.m !== 'string') return 'no method';
  const headers = request.h ?? {};
  if (!isRecord(headers)) return 'no headers';
  for (const [name, value] of Object.entries(headers)) {
    // The contract takes no files: a body that has to be parsed as one is not ours.
    if (name === 'content-disposition') return 'a file';
    if (name === 'content-type' && value !== 'text/event-stream') return 'a body of another type';
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
