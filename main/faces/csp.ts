import { randomBytes } from 'node:crypto';

/** Stands in `index.html` where the nonce of one response goes. */
export const noncePlaceholder = '__CSP_NONCE__';

/** A fresh nonce of 128 bits for one response. */
export function makeNonce(): string {
  return randomBytes(16).toString('base64');
}

/**
 * The content security policy of the app's pages: nothing but our own files, and the page's own console.
 *
 * Mantine writes `<style>` elements while it runs; they carry the nonce of the page. Style attributes set by
 * script go through the CSSOM, which the policy does not govern (CSP 3, section "style-src-attr").
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The policy of the few pages that are text only: one `<style>` element and nothing else. */
export function textPagePolicy(nonce: string): string {
  return `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
}

/** Headers that every answer carries, whatever it is. */
export const hardening: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};
