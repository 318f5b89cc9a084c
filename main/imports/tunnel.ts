import { Tunnel } from '../../preload/contract/connection.ts';
import { AddressProblem, readPort } from './address.ts';

/** A tunnel as other programs keep it. */
export interface LooseTunnel {
  host: string | undefined;
  port?: string | undefined;
  user?: string | undefined;
  auth: Tunnel['auth'];
  keyFile?: string | undefined;
  jump?: string | undefined;
}

/** @throws {AddressProblem} */
export function readTunnel({ host, port, user, auth, keyFile, jump }: LooseTunnel): Tunnel {
  const number = port ? readPort(port) : 22;
  const checked = Tunnel.safeParse({
    host: host ?? '',
    auth,
    ...(number === 22 ? {} : { port: number }),
    ...(user ? { user } : {}),
    ...(keyFile && auth === 'key' ? { keyFile } : {}),
    ...(jump ? { jump } : {}),
  });
  if (!checked.success) throw new AddressProblem('its SSH tunnel has no usable host, user or key file.');
  return checked.data;
}
