import type { Socket } from 'node:net';
import type pg from 'pg';
import { dropSession } from '../servers/index.ts';
import sizeSql from './size.sql?raw';

/** What SQL that somebody else wrote may take. Structures need far less; what goes round in circles needs more. */
export interface ScratchLimits {
  /** Of the database on the disk, bytes. */
  databaseBytes: number;
  /** Of one message of the server, such as a row or a notice: each is put together in this process's memory. Bytes. */
  messageBytes: number;
  /** How long a scratch database may be there, ms. */
  ms: number;
  /** How often that is looked at, ms. */
  everyMs: number;
}

export const standardLimits: ScratchLimits = {
  databaseBytes: 2 * 1024 ** 3,
  messageBytes: 64 * 1024 ** 2,
  ms: 20 * 60_000,
  everyMs: 1000,
};

/** The SQL took more than it may; the message is for a person. */
export class ScratchLimit extends Error {
  override name = 'ScratchLimit';
}

export interface Watched {
  /** The session ends, with a ScratchLimit, when it or the database goes beyond the limits. */
  take(client: pg.Client): void;
  /** Given, with a ScratchLimit, when the limits are broken: for those who let others work with the database. */
  broken: AbortSignal;
  end(): void;
}

/** Watches over one scratch database. @param admin the session that asks for its size */
export function watch(admin: pg.Client, name: string, limits: ScratchLimits): Watched {
  const sessions = new Set<pg.Client>();
  const until = Date.now() + limits.ms;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let broken: ScratchLimit | undefined;
  const breaking = new AbortController();
  const breakOff = (why: string): void => {
    broken = new ScratchLimit(why);
    breaking.abort(broken);
    for (const client of sessions) dropSession(client, broken);
  };
  const look = async (): Promise<void> => {
    const { rows } = await admin.query<{ bytes: string }>(sizeSql, [name]);
    if (isOver) return;
    const bytes = Number(rows[0]?.bytes ?? 0);
    if (bytes > limits.databaseBytes) {
      breakOff(
        `It makes a database of more than ${inWords(limits.databaseBytes)}, which is no structure alone`,
      );
    } else if (Date.now() > until) {
      breakOff(`It takes longer than ${Math.round(limits.ms / 60_000)} minutes`);
    } else {
      again();
    }
  };
  const again = (): void => {
    // A session that is gone says so to those who work with the database.
    timer = setTimeout(() => void look().catch(() => undefined), limits.everyMs).unref();
  };
  again();
  return {
    broken: breaking.signal,
    take: (client) => {
      if (broken) throw broken;
      sessions.add(client);
      client.once('end', () => sessions.delete(client));
      limitMessages(client, limits.messageBytes);
    },
    end: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** Type, and length with itself but without the type (PostgreSQL manual, "Message Formats"). */
const headerBytes = 5;

/**
 * Ends a session that is sent a message larger than that. It is told from the message's first bytes, before `pg` has
 * gathered it: what is longer than a string can be would be thrown where nobody catches it.
 */
function limitMessages(client: pg.Client, most: number): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  const header = Buffer.alloc(headerBytes);
  let have = 0;
  let body = 0;
  stream.prependListener('data', (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      if (body > 0) {
        const step = Math.min(body, bytes.length - at);
        body -= step;
        at += step;
        continue;
      }
      const step = Math.min(headerBytes - have, bytes.length - at);
      bytes.copy(header, have, at, at + step);
      have += step;
      at += step;
      if (have < headerBytes) continue;
      have = 0;
      body = header.readUInt32BE(1) - 4;
      if (body <= most) continue;
      dropSession(client, new ScratchLimit(`The server’s answer is larger than ${inWords(most)}`));
      return;
    }
  });
}

const inWords = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${bytes / 1024 ** 3} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
