import { createHash } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';

/** How many are kept: one for each set of certificate files in use, and some that were in use lately. */
const kept = 30;

const contexts = new Map<string, SecureContext>();

/**
 * The TLS context for a set of certificates and keys, made once and used by every session after it: with the hundreds
 * of authorities of a system, making one takes about 90 ms.
 */
export function secureContextOf(options: SecureContextOptions): SecureContext {
  const key = createHash('sha256').update(JSON.stringify(options)).digest('base64');
  const context = contexts.get(key) ?? createSecureContext(options);
  // The one asked for last is forgotten last.
  contexts.delete(key);
  contexts.set(key, context);
  for (const old of contexts.keys()) {
    if (contexts.size <= kept) break;
    contexts.delete(old);
  }
  return context;
}
