import type { AppFiles } from '../app-files.ts';
import { hardening } from '../csp.ts';

/** The custom protocol that the window loads the app from. */
export const scheme = 'howdah';

/** The app's own address; everything the window may show begins with it. */
export const appAddress = `${scheme}://app/`;

/** For `protocol.registerSchemesAsPrivileged`: an origin of its own, trustworthy, with fetch. */
export const appScheme = { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } };

/** Whether an address is the app's own. */
export function isAppAddress(address: string): boolean {
  return address.startsWith(appAddress);
}

/** Answers one request of the window: the app's files with their policy, to reading only. */
export function answerApp(files: AppFiles, request: { url: string; method: string }): Response {
  if (!isAppAddress(request.url) || request.method !== 'GET') return new Response(null, { status: 403 });
  const { status, headers, body } = files.answer(pathOf(request.url));
  return new Response(new Uint8Array(body), { status, headers: { ...hardening, ...headers } });
}

function pathOf(address: string): string {
  try {
    return decodeURIComponent(new URL(address).pathname);
  } catch {
    return '/.unreadable';
  }
}
