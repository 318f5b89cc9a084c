import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../preload/contract/connection.ts';
import type { CompanionLine, EnvironmentStatus } from '../../../../preload/contract/environments.ts';
import { askedSecret, fingerprintCommand, secretWords } from '../../../../renderer/environments/ask-words.ts';
import { appended } from '../../../../renderer/environments/companion-lines.ts';
import { worstFinding } from '../../../../renderer/environments/findings.ts';
import { fieldsOf } from '../../../../renderer/environments/form-connection.ts';
import { newForm } from '../../../../renderer/environments/form-state.ts';
import { holdsSomething, sectionSummaries } from '../../../../renderer/environments/section-summaries.ts';
import {
  addressOf,
  brokenStation,
  placeWords,
  stateWord,
  wayIsBroken,
  wayParts,
} from '../../../../renderer/environments/way-words.ts';

const connection: Connection = {
  host: 'localhost',
  port: 5432,
  database: 'app',
  user: 'ada',
  sslmode: 'prefer',
  parameters: {},
};
const status: EnvironmentStatus = { environment: 'a', state: 'connected', since: 0, findings: [], trend: [] };

describe('a place in words', () => {
  test('tells apart what only the way there tells apart', () => {
    const through: Connection = {
      ...connection,
      tunnel: { host: 'bastion', user: 'ops', auth: 'auto', jump: 'edge' },
    };
    const after: Connection = {
      ...connection,
      companion: { command: 'kubectl port-forward', timeoutSeconds: 3 },
    };
    const said = [connection, through, after].map(placeWords);
    expect(new Set(said).size).toBe(3);
    expect(said[1]).toBe('ada@localhost:5432/app through edge, ops@bastion');
  });
});

describe('an address in words', () => {
  const at = (change: Partial<Connection>) => addressOf({ ...connection, ...change });

  test('names every host, an IPv6 address in brackets, a socket by its path', () => {
    expect(at({ otherHosts: [{ host: 'standby', port: 5433 }] })).toBe(
      'ada@localhost:5432, standby:5433/app',
    );
    expect(at({ host: 'fd00::1' })).toBe('ada@[fd00::1]:5432/app');
    expect(at({ host: '/cloudsql/a:b:c' })).toBe('ada@/cloudsql/a:b:c/app');
    expect(at({ host: '/run', port: 5433 })).toBe('ada@/run/.s.PGSQL.5433/app');
  });

  test('names a service for what only its file says, not the defaults in its place', () => {
    const parameters = { service: 'billing' };
    expect(at({ parameters, fromService: ['host', 'port', 'database', 'user', 'sslmode'] })).toBe(
      'service=billing',
    );
    expect(at({ parameters, fromService: ['host', 'port'] })).toBe('ada@service=billing/app');
  });

  test('has a question mark for a port that is no number yet', () => {
    expect(at({ port: Number.NaN })).toBe('ada@localhost:?/app');
    expect(at({ host: '/run', port: Number.NaN })).toBe('ada@/run/.s.PGSQL.?/app');
  });
});

describe('the way in the status strip', () => {
  test('is nothing where nothing stands in between', () => {
    expect(wayParts(status)).toEqual([]);
  });

  test('names the last SSH server, the companion and the host that was taken', () => {
    const parts = wayParts({
      ...status,
      tunnel: { state: 'open', since: 0, hops: ['ada@edge:22', 'ada@bastion:22'] },
      companion: { state: 'ready', since: 0, restarts: 0 },
      host: 'b:5432',
    });
    expect(parts.map(({ text }) => text)).toEqual(['tunnel ada@bastion:22', 'companion ready', 'on b:5432']);
  });

  test('is broken by a lost tunnel or a failed companion, not by one that is done', () => {
    const companion = (state: 'done' | 'failed') => ({ state, since: 0, restarts: 0 });
    expect(wayIsBroken({ ...status, companion: companion('done') })).toBe(false);
    expect(wayIsBroken({ ...status, companion: companion('failed') })).toBe(true);
    expect(wayIsBroken({ ...status, tunnel: { state: 'lost', since: 0, hops: [] } })).toBe(true);
  });
});

describe('questions', () => {
  test('name exactly what a secret is for', () => {
    const ssh = { secret: 'ssh-password', of: 'ada@bastion:22' } as const;
    expect(secretWords(ssh)).toBe('SSH password of ada@bastion:22');
    expect(askedSecret(ssh)).toBe('SSH password of ada@bastion:22');
    expect(askedSecret({ secret: 'key-passphrase', of: '/P/id' })).toBe('passphrase of /P/id');
  });

  test('give the command for the very key that is shown', () => {
    expect(fingerprintCommand('ecdsa-sha2-nistp256')).toBe('ssh-keygen -lf /etc/ssh/ssh_host_ecdsa_key.pub');
    expect(fingerprintCommand('rsa-sha2-512')).toContain('ssh_host_rsa_key');
  });

  test('come before the problem they belong to, and end with the connection', () => {
    const ask = { kind: 'secret', secret: 'ssh-password', of: 'ada@b:22', wasWrong: false } as const;
    const problem = { what: 'x', why: '', next: '', cause: 'tunnel-password-missing' };
    expect(worstFinding({ ...status, state: 'disconnected', ask, problem })).toMatchObject({
      severity: 'warning',
      text: 'It wants the SSH password of ada@b:22.',
    });
    expect(worstFinding({ ...status, ask })).toBeUndefined();
  });
});

describe('folded sections', () => {
  const form = (change: Partial<Connection>) => ({
    ...newForm([]),
    ...fieldsOf({ ...connection, ...change }),
  });

  test('hold nothing for a plain connection', () => {
    for (const section of ['encryption', 'tunnel', 'companion', 'more'] as const) {
      expect(holdsSomething(section, form({}))).toBe(false);
    }
  });

  test('say what they hold', () => {
    expect(
      sectionSummaries.encryption(form({ sslmode: 'verify-full', parameters: { sslrootcert: '/a/ca.crt' } })),
    ).toBe('verify-full · root ca.crt');
    expect(
      sectionSummaries.tunnel(form({ tunnel: { host: 'b', user: 'ada', auth: 'auto', jump: 'c' } })),
    ).toBe('ada@b over c');
    expect(sectionSummaries.more(form({ parameters: { connect_timeout: '3', keepalives: '1' } }))).toBe(
      'connect_timeout=3 keepalives=1',
    );
  });
});

test('of what a companion prints the last 200 lines are kept, each with a number of its own', () => {
  const lines = (count: number): CompanionLine[] =>
    Array.from({ length: count }, (_, at) => ({ at, stream: 'out', text: 'x' }));
  const first = appended([], lines(150));
  const then = appended(first, lines(100));
  expect(then).toHaveLength(200);
  expect(then.at(-1)?.number).toBe(250);
  expect(new Set(then.map(({ number }) => number)).size).toBe(200);
});

describe('the state of a connection', () => {
  test('is not called lost where it was never had', () => {
    expect(stateWord({ state: 'lost' })).toBe('Not reached');
    expect(stateWord({ state: 'connecting' })).toBe('Connecting');
  });

  test('is put down to the station that broke', () => {
    const because = (cause: string) => ({ problem: { what: '', why: '', next: '', cause } });
    expect(brokenStation(because('companion-died'))).toBe('companion');
    expect(brokenStation(because('tunnel-unreachable'))).toBe('tunnel');
    expect(brokenStation(because('nothing-listening'))).toBe('server');
    expect(brokenStation({ tunnel: { state: 'lost', since: 0, hops: [] } })).toBe('tunnel');
  });
});
