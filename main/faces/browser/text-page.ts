import type { Reply } from '../app-files.ts';
import { makeNonce, textPagePolicy } from '../csp.ts';

/** What to do for somebody who comes without a session. `used` when the address was spent or is unknown. */
export function signInPage(used: boolean): Reply {
  const happened = used
    ? 'This address opens the console once, and it was used before or belongs to a console that has ended.'
    : 'This browser has no session with the console.';
  return textPage(used ? 403 : 401, used ? 'This address is spent' : 'An address is needed', [
    happened,
    'Run <code>howdah serve</code> again on the same data folder (in a checkout: <code>npm start</code>): ' +
      'it prints a fresh address for the console that runs there. ' +
      'In a window that is signed in, the command palette has “Copy a link for another browser”.',
  ]);
}

/**
 * Follows a link from another site: the session cookie is SameSite=Strict, so the browser holds it back until
 * our own page asks. This page does, once.
 */
export function goOnPage(): Reply {
  return textPage(
    200,
    'Opening the console',
    ['<a href="/">Go on to the console</a>'],
    '<meta http-equiv="refresh" content="0;url=/">',
  );
}

export function refusalPage(status: number, reason: string): Reply {
  return textPage(status, 'Refused', [`${reason} Nothing was done.`]);
}

/** `paragraphs` and `head` are HTML of our own making; nothing of a request goes into them. */
function textPage(status: number, title: string, paragraphs: string[], head = ''): Reply {
  const nonce = makeNonce();
  const body = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title} · Howdah</title><meta name="viewport" content="width=device-width">${head}
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 20vh auto 0; max-width: 34rem; padding: 0 1.5rem }
h1 { font-size: 1.25rem; font-weight: 600 }
</style></head>
<body><h1>${title}</h1>${paragraphs.map((each) => `<p>${each}</p>`).join('')}</body>
</html>
`;
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': textPagePolicy(nonce),
      'Cache-Control': 'no-store',
    },
    body: Buffer.from(body),
  };
}
