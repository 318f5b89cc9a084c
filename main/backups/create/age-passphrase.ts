import { createCipheriv, createDecipheriv, randomBytes, scrypt as scryptWithCallback } from 'node:crypto';
import { promisify } from 'node:util';
import { type Identity, type Recipient, Stanza } from 'age-encryption';

const scrypt = promisify<string, Buffer, number, object, Buffer>(scryptWithCallback);

/*
 * The stanza of a passphrase (https://c2sp.org/age, "The scrypt recipient type"), by OpenSSL's scrypt: the library's own
 * in JavaScript takes ten times as long, in which more could be made of what is spent on purpose.
 */
const label = 'age-encryption.org/v1/scrypt';
const cipher = 'chacha20-poly1305';
const tagSize = 16;
/** As a power of two: half a second for each try, and 128 MiB of memory meanwhile. */
const workFactor = 17;
/** More is taken for an attack: it would need more than a gigabyte. */
const mostWork = 20;

/** For one that is the only recipient of a file. */
export function passphraseRecipient(passphrase: string): Recipient {
  return {
    wrapFileKey: async (fileKey) => {
      const salt = randomBytes(16);
      const key = await keyFrom(passphrase, salt, workFactor);
      const sealed = createCipheriv(cipher, key, Buffer.alloc(12), { authTagLength: tagSize });
      const body = Buffer.concat([sealed.update(fileKey), sealed.final(), sealed.getAuthTag()]);
      return [new Stanza(['scrypt', unpadded(salt), String(workFactor)], body)];
    },
  };
}

export function passphraseIdentity(passphrase: string): Identity {
  return {
    unwrapFileKey: async (stanzas) => {
      const [only] = stanzas;
      const [kind, salt = '', work = ''] = only?.args ?? [];
      const body = Buffer.from(only?.body ?? []);
      const isOurs =
        stanzas.length === 1 && kind === 'scrypt' && /^[1-9]\d?$/.test(work) && Number(work) <= mostWork;
      if (!isOurs || body.length !== 16 + tagSize) return null;
      const key = await keyFrom(passphrase, Buffer.from(salt, 'base64'), Number(work));
      const opened = createDecipheriv(cipher, key, Buffer.alloc(12), { authTagLength: tagSize });
      opened.setAuthTag(body.subarray(16));
      const fileKey = opened.update(body.subarray(0, 16));
      try {
        opened.final();
      } catch {
        return null;
      }
      return new Uint8Array(fileKey);
    },
  };
}

const keyFrom = (passphrase: string, salt: Buffer, work: number): Promise<Buffer> =>
  scrypt(passphrase, Buffer.concat([Buffer.from(label), salt]), 32, {
    N: 2 ** work,
    r: 8,
    p: 1,
    maxmem: 2 ** work * 1024 + 64 * 1024 * 1024,
  });

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
