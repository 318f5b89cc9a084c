import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is turned away: the status to answer with, and the reason in words. */
export interface Refusal {
  status: number;
  reason: string;
}

/**
 * Checks that a request was meant for this console, before anything else is looked at.
 *
 * `Host` must be the loopback name and port that Howdah listens on: a foreign name that was pointed at
 * 127.0.0.1 (DNS rebinding) is refused. `Origin` says which page asks: another page than our own is refused.
 */
export function requestProblem(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  port: number,
): Refusal | undefined {
  if (!hostIsOurs(headers.host, port))
    return { status: 421, reason: 'The Host header names another server.' };
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, reason: 'Only GET and HEAD are answered here.' };
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    return { status: 403, reason: 'The Origin header names another page.' };
  }
  return undefined;
}

/**
 * Checks the start of a WebSocket. Browsers let any page open one to any server, so here the page's origin must
 * be told and be ours (RFC 6455, 10.2).
 */
export function upgradeProblem(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  port: number,
): Refusal | undefined {
  const problem = requestProblem(method, headers, port);
  if (problem) return problem;
  if (headers.origin === undefined) return { status: 403, reason: 'The Origin header is missing.' };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') {
    return { status: 403, reason: 'The connection was started by another page.' };
  }
  return undefined;
}

/** `127.0.0.1` or `localhost` with our port; the port may be left out when it is 80, HTTP's own. */
function hostIsOurs(host: string | undefined, port: number): boolean {
  const names = ['127.0.0.1', 'localhost'];
  return names.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}

/** The value of one cookie of a Cookie header. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
