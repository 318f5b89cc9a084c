import { createPrivateKey, createPublicKey, type JsonWebKey, sign } from 'node:crypto';
import ssh2 from 'ssh2';

/** A private key that can be used. */
export interface OpenedKey {
  /** SSH's name, such as `ssh-ed25519`. */
  type: string;
  /** In SSH's wire format, base64. */
  publicKey: string;
  /** PKCS#8 or the older PEM, without a passphrase. */
  pem: string;
}

/** Why a file gives no key: it is public, wants its (or another) passphrase, or is none at all. */
export interface ClosedKey {
  problem: 'public' | 'encrypted' | 'wrong-passphrase' | 'not-a-key';
  /** The public half, where it can be read without the passphrase; SSH's wire format, base64. */
  publicKey?: string;
  /** The library's words. They never hold any of the key. */
  detail?: string;
}

/**
 * Reads a private key in OpenSSH's, PuTTY's, or OpenSSL's formats. With a passphrase this takes a good part of a
 * second: call it in a worker.
 */
export function openKey(data: string, passphrase?: string): OpenedKey | ClosedKey {
  const text = data.trim();
  if (/^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) return openPkcs8(text, passphrase);
  let key: ReturnType<typeof ssh2.utils.parseKey>;
  try {
    key = ssh2.utils.parseKey(text, passphrase);
  } catch (error) {
    return { problem: 'not-a-key', detail: messageOf(error) };
  }
  if (key instanceof Error) return closedFrom(key.message, text, passphrase);
  if (!key.isPrivateKey()) return { problem: 'public', publicKey: key.getPublicSSH().toString('base64') };
  return { type: key.type, publicKey: key.getPublicSSH().toString('base64'), pem: key.getPrivatePEM() };
}

/** Signs as SSH's agents do, but with the signature in the form that the library takes (DER for ECDSA). */
export function signWith(key: OpenedKey, data: Buffer, hash: string | undefined): Buffer {
  const digests: Record<string, string> = {
    'ecdsa-sha2-nistp256': 'sha256',
    'ecdsa-sha2-nistp384': 'sha384',
    'ecdsa-sha2-nistp521': 'sha512',
    'ssh-rsa': 'sha1',
  };
  return sign(hash ?? digests[key.type] ?? null, data, key.pem);
}

function closedFrom(message: string, text: string, passphrase: string | undefined): ClosedKey {
  const publicKey = publicHalf(text);
  const half = publicKey ? { publicKey } : {};
  if (passphrase === undefined || passphrase === '') {
    return /encrypted/i.test(message)
      ? { problem: 'encrypted', ...half }
      : { problem: 'not-a-key', detail: message };
  }
  return /passphrase|decrypt|integrity|MAC|bad decrypt|padding|Malformed/i.test(message)
    ? { problem: 'wrong-passphrase', ...half }
    : { problem: 'not-a-key', detail: message };
}

/** OpenSSH's format keeps the public key in the clear before the encrypted part (PROTOCOL.key). */
function publicHalf(text: string): string | undefined {
  const base64 = /^-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END OPENSSH PRIVATE KEY-----$/.exec(
    text,
  )?.[1];
  if (!base64) return undefined;
  const data = Buffer.from(base64, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer | undefined => {
    if (at + 4 > data.length) return undefined;
    const length = data.readUInt32BE(at);
    const from = at + 4;
    at = from + length;
    return at <= data.length ? data.subarray(from, at) : undefined;
  };
  // Cipher, key derivation, its options, then the number of keys.
  next();
  next();
  next();
  at += 4;
  return next()?.toString('base64');
}

/** `openssl genpkey` and several clouds write PKCS#8, which the SSH library does not read. */
function openPkcs8(text: string, passphrase: string | undefined): OpenedKey | ClosedKey {
  const encrypted = text.startsWith('-----BEGIN ENCRYPTED');
  if (encrypted && !passphrase) return { problem: 'encrypted' };
  try {
    const key = createPrivateKey({ key: text, ...(passphrase ? { passphrase } : {}) });
    const { type, parts } = sshForm(createPublicKey(key).export({ format: 'jwk' }));
    return {
      type,
      publicKey: Buffer.concat([Buffer.from(type), ...parts].flatMap(withLength)).toString('base64'),
      pem: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    };
  } catch (error) {
    return encrypted && !(error instanceof UnusableKey)
      ? { problem: 'wrong-passphrase' }
      : { problem: 'not-a-key', detail: messageOf(error) };
  }
}

class UnusableKey extends Error {}

function sshForm(key: JsonWebKey): { type: string; parts: Buffer[] } {
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
  // A number of SSH is signed: a leading 1 bit needs a zero byte before it (RFC 4251, "mpint").
  const number = (text: string | undefined): Buffer => {
    const value = bytes(text);
    return (value[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), value]) : value;
  };
  if (key.kty === 'RSA') return { type: 'ssh-rsa', parts: [number(key.e), number(key.n)] };
  if (key.kty === 'OKP' && key.crv === 'Ed25519') return { type: 'ssh-ed25519', parts: [bytes(key.x)] };
  const curve = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' }[key.crv ?? ''];
  if (key.kty !== 'EC' || !curve)
    throw new UnusableKey(`SSH knows no keys of type ${key.kty} ${key.crv ?? ''}.`);
  return {
    type: `ecdsa-sha2-${curve}`,
    parts: [Buffer.from(curve), Buffer.concat([Buffer.of(4), bytes(key.x), bytes(key.y)])],
  };
}

function withLength(part: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return [length, part];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
