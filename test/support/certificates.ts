import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as files and as text. */
export interface Pair {
  certificate: string;
  key: string;
  certificateFile: string;
  keyFile: string;
}

/** A certificate authority of the test's own. */
export interface Authority {
  /** Path of its certificate. */
  file: string;
  /** Made for these names; `days` counts from now and may lie in the past. */
  issue(commonName: string, options?: { names?: string[]; days?: number; passphrase?: string }): Pair;
  remove(): void;
}

const openssl = (args: string[], cwd: string): void => {
  execFileSync('openssl', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
};

export function makeAuthority(name = 'Howdah test authority'): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-test-ca-'));
  openssl(
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    ],
    folder,
  );
  let serial = 0;
  return {
    file: join(folder, 'ca.crt'),
    issue: (commonName, { names = [], days = 1, passphrase } = {}) => {
      serial += 1;
      const at = (ending: string): string => join(folder, `${serial}.${ending}`);
      const protect = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`];
      openssl(
        [
          'req',
          '-newkey',
          'rsa:2048',
          ...protect,
          '-keyout',
          at('key'),
          '-out',
          at('csr'),
          '-subj',
          `/CN=${commonName}`,
        ],
        folder,
      );
      const alternatives = names.map((one) => (/^[\d.:]+$/.test(one) ? `IP:${one}` : `DNS:${one}`)).join(',');
      writeFileSync(
        at('ext'),
        alternatives ? `subjectAltName=${alternatives}\n` : 'basicConstraints=CA:FALSE\n',
      );
      // `ca` is the only command of OpenSSL 3.0 that takes an end in the past.
      writeFileSync(at('index'), '');
      writeFileSync(
        at('cnf'),
        `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index')}\nserial=${at('serial')}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`,
      );
      writeFileSync(at('serial'), `${(1000 + serial).toString(16).padStart(4, '0')}\n`);
      const day = 24 * 3_600_000;
      openssl(
        [
          'ca',
          '-batch',
          '-config',
          at('cnf'),
          '-cert',
          'ca.crt',
          '-keyfile',
          'ca.key',
          '-in',
          at('csr'),
          '-out',
          at('crt'),
          '-notext',
          '-extfile',
          at('ext'),
          '-startdate',
          stamp(Date.now() - 30 * day),
          '-enddate',
          stamp(Date.now() + days * day),
        ],
        folder,
      );
      return {
        certificateFile: at('crt'),
        keyFile: at('key'),
        certificate: readFileSync(at('crt'), 'utf8'),
        key: readFileSync(at('key'), 'utf8'),
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** As ASN.1 has it: YYMMDDHHMMSSZ. */
function stamp(at: number): string {
  return `${new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`;
}
