import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../../preload/contract/environments.ts';
import type { FormState } from '../../../../renderer/environments/form-fields.ts';
import { problemsOf } from '../../../../renderer/environments/form-problems.ts';
import {
  changesOf,
  draftOf,
  formOf,
  isDelicate,
  isEdited,
  newForm,
  passwordIsForElsewhere,
  settled,
  withFields,
  withUrl,
} from '../../../../renderer/environments/form-state.ts';

const guarded: Environment = {
  id: '1',
  name: 'billing-prod',
  group: 'Production',
  color: 'red',
  protection: 'guarded',
  connection: {
    host: 'db.example.com',
    port: 5432,
    database: 'billing',
    user: 'ops',
    sslmode: 'verify-full',
    parameters: { application_name: 'x' },
  },
  password: 'keychain',
  transient: false,
  connect: true,
};

const typed = (url: string): FormState => withUrl(newForm([]), url);

describe('URL and fields', () => {
  test('a URL fills the fields while it is typed, its password included', () => {
    const state = typed('postgres://ada:se%20cret@db.example.com:6432/billing?sslmode=require');
    expect(state).toMatchObject({
      host: 'db.example.com',
      port: '6432',
      database: 'billing',
      user: 'ada',
      sslmode: 'require',
      password: 'se cret',
    });
  });

  test('once left, the URL shows no password', () => {
    expect(settled(typed('postgres://ada:secret@db.example.com/billing')).url).not.toContain('secret');
  });

  test('a URL that can not be read names its field and leaves the others as they were', () => {
    const state = withUrl(
      typed('postgres://ada@db.example.com/billing'),
      'postgres://ada@db.example.com:70000/billing',
    );
    expect(state.urlProblem?.field).toBe('port');
    expect(state.host).toBe('db.example.com');
    expect(problemsOf(state, []).url).toContain('Port');
  });

  test('a field changes the URL, and the parameters of the URL survive it', () => {
    const state = withFields(formOf(guarded), { port: '6432' });
    expect(state.url).toContain(':6432/');
    expect(draftOf(state)?.connection).toEqual({ ...guarded.connection, port: 6432 });
  });
});

describe('a password out of a URL', () => {
  const pasted = settled(typed('postgres://ada:secret@db.example.com/billing'));

  test('stays behind when the URL then names another place without one', () => {
    for (const url of [
      'postgres://ada@other.example.com/billing',
      'postgres://ada@db.example.com:6432/billing',
      'postgres://bob@db.example.com/billing',
      // The same server with less proof of who it is.
      'postgres://ada@db.example.com/billing?sslmode=disable',
      'service=billing',
    ]) {
      expect(withUrl(pasted, url).password, url).toBe('');
    }
    const emptied = withUrl(withUrl(pasted, ''), 'postgres://db.exa:x/');
    expect(withUrl(emptied, 'postgres://ada@other.example.com/billing').password).toBe('');
  });

  test('does not come back with the place it was for', () => {
    const away = withUrl(pasted, 'postgres://ada@other.example.com/billing');
    expect(withUrl(away, pasted.url)).toMatchObject({ password: '', passwordFor: expect.anything() });
  });

  test('stays for the same place, and gives way to the password of another URL', () => {
    expect(withUrl(pasted, pasted.url.replace('billing', 'other')).password).toBe('secret');
    const second = withUrl(pasted, 'postgres://ada:second@other.example.com/billing');
    expect(second.password).toBe('second');
    expect(withUrl(second, pasted.url).password).toBe('');
  });

  test('stays with a place that is corrected in its fields, and is for that place from then on', () => {
    const corrected = withFields(pasted, { host: 'localhost', sslmode: 'require' });
    expect(corrected.password).toBe('secret');
    expect(withUrl(corrected, corrected.url.replace('billing', 'other')).password).toBe('secret');
    expect(withUrl(corrected, pasted.url).password).toBe('');
  });

  test('typed by hand stays, whatever the URL then names', () => {
    const byHand = withFields(pasted, { password: 'mine' });
    expect(withUrl(byHand, 'postgres://ada@other.example.com/billing').password).toBe('mine');
    const before = withFields(newForm([]), { password: 'mine' });
    expect(withUrl(before, pasted.url).password).toBe('mine');
  });

  test('that is gone leaves nothing to lose', () => {
    const away = withUrl(withUrl(formOf(guarded), 'postgres://a:b@elsewhere/x'), formOf(guarded).url);
    expect(isEdited(formOf(guarded), away)).toBe(false);
  });
});

describe('the way to the server', () => {
  const tunnel = { host: 'bastion', auth: 'auto' as const };
  const tunnelled: Environment = { ...guarded, connection: { ...guarded.connection, tunnel } };

  test('stands apart from the URL: typing one leaves it as it was', () => {
    const state = withUrl(formOf(tunnelled), 'postgres://ops@db.example.com/other');
    expect(draftOf(state)?.connection).toMatchObject({ database: 'other', tunnel });
    expect(state.url).not.toContain('bastion');
  });

  test('is part of what a protected environment points at', () => {
    const form = formOf(tunnelled);
    const draft = draftOf(withFields(form, { tunnel: { ...form.tunnel, host: 'elsewhere' } }));
    const changes = draft && changesOf(tunnelled, draft);
    expect(changes?.connection?.tunnel?.host).toBe('elsewhere');
    expect(changes && isDelicate(tunnelled, changes)).toBe(true);
  });

  test('a password for one place is not for the same address through another server', () => {
    expect(passwordIsForElsewhere(guarded, tunnelled.connection)).toBe(true);
    expect(passwordIsForElsewhere(tunnelled, guarded.connection)).toBe(true);
    expect(passwordIsForElsewhere(tunnelled, tunnelled.connection)).toBe(false);
  });

  test('localhost beyond a tunnel is not taken for this machine, and needs no certificate', () => {
    const local = typed('postgres://ada@localhost/app');
    const state = withFields(local, { tunnel: { ...local.tunnel, on: true, host: 'bastion.example.com' } });
    expect(state).toMatchObject({ name: 'app-bastion', protection: 'guarded', sslmode: 'prefer' });
  });

  test('a container is on this machine, a proxy leads away from it', () => {
    const local = typed('postgres://ada@localhost/app');
    const by = (command: string) =>
      withFields(local, { companion: { ...local.companion, on: true, command } }).protection;
    expect(by('docker compose up -d db')).toBe('open');
    expect(by('cloud-sql-proxy --port 5432 a:b:c')).toBe('guarded');
  });
});

describe('a connection string', () => {
  test('fills hosts, ports, certificates and parameters', () => {
    const state = typed(
      'host=a.example.com,b.example.com port=5432,5433 dbname=app user=ada sslrootcert=system keepalives_idle=30',
    );
    expect(state).toMatchObject({
      host: 'a.example.com,b.example.com',
      port: '5432,5433',
      sslmode: 'verify-full',
    });
    expect(state.parameters.sslrootcert).toBe('system');
    expect(state.extra).toEqual([{ name: 'keepalives_idle', value: '30' }]);
  });

  test('that names a service leaves to it what it does not say', () => {
    const state = typed('service=billing user=ada');
    expect(state).toMatchObject({ host: '', port: '', database: '', user: 'ada', sslmode: '' });
    expect(problemsOf({ ...state, name: 'x' }, [])).toEqual({});
    expect(draftOf(state)?.connection.fromService).toEqual(['host', 'port', 'database', 'sslmode']);
  });

  test('with a passphrase for the client key hands it over apart from the URL', () => {
    const state = settled(
      typed('postgres://ada@db.example.com/app?sslcert=/c.crt&sslkey=/c.key&sslpassword=hush'),
    );
    expect(state.secrets).toEqual([
      { kind: 'client-key-passphrase', of: '/c.key', value: 'hush', remember: true },
    ]);
    expect(state.url).not.toContain('hush');
    expect(JSON.stringify(draftOf(state))).not.toContain('hush');
  });
});

describe('encryption', () => {
  test('follows the host letter by letter until a person chooses it', () => {
    const hosts = (...texts: string[]) =>
      texts.reduce((state, host) => withFields(state, { host }), newForm([]));
    expect(hosts('l', 'loc', 'localhost').sslmode).toBe('prefer');
    expect(hosts('d', 'db.example.com').sslmode).toBe('verify-full');
    const chosen = withFields(hosts('db.example.com'), { sslmode: 'require' });
    expect(withFields(chosen, { host: 'localhost' }).sslmode).toBe('require');
  });

  test('given in the URL is the choice of the person', () => {
    const state = typed('postgres://ada@db.example.com/app?sslmode=disable');
    expect(withFields(state, { host: 'other.example.com' }).sslmode).toBe('disable');
  });
});

test('naming a service in an empty form leaves every field to it', () => {
  const empty = newForm([]);
  const state = withFields(empty, { parameters: { ...empty.parameters, service: 'billing' } });
  expect(state).toMatchObject({ host: '', port: '', sslmode: '', name: 'billing', protection: 'guarded' });
  expect(draftOf(state)?.connection.fromService).toHaveLength(5);
});

describe('suggestions', () => {
  test('name and protection follow the address until a person sets them', () => {
    const remote = typed('postgres://ada@db1.example.com/billing');
    expect(remote).toMatchObject({ name: 'billing-db1', protection: 'guarded' });
    expect(typed('postgres://ada@localhost/billing')).toMatchObject({
      name: 'billing-local',
      protection: 'open',
    });
    expect(typed('postgres://ada@10.0.12.7/billing').name).toBe('billing-10.0.12.7');
    const named = withFields(remote, { name: 'mine', protection: 'read-only' });
    expect(withUrl(named, 'postgres://ada@localhost/other')).toMatchObject({
      name: 'mine',
      protection: 'read-only',
    });
  });

  test('the colour used least is taken', () => {
    expect(newForm([{ ...guarded, color: 'slate' }]).color).not.toBe('slate');
  });
});

describe('problems', () => {
  test.each([
    [{ name: '  ' }, 'name'],
    [{ name: 'BILLING-prod' }, 'name'],
    [{ port: '0' }, 'port'],
    [{ port: '70000' }, 'port'],
    [{ port: '54 32' }, 'port'],
    [{ host: ' ' }, 'host'],
    [{ database: '' }, 'database'],
    [{ user: '' }, 'user'],
  ] as const)('%o is told at the field %s', (change, field) => {
    const state = withFields(typed('postgres://ada@localhost/app'), change);
    expect(Object.keys(problemsOf(state, ['billing-prod']))).toContain(field);
  });
});

describe('problems of the folded sections', () => {
  const base = typed('postgres://ada@db.example.com/app');
  const told = (change: Partial<FormState>) => Object.keys(problemsOf(withFields(base, change), []));

  test.each<[Partial<FormState['tunnel']>, string]>([
    [{ host: '' }, 'tunnel.host'],
    [{ host: '-oProxyCommand=x' }, 'tunnel.host'],
    [{ host: 'ada@bastion' }, 'tunnel.host'],
    [{ port: '0' }, 'tunnel.port'],
    [{ auth: 'key' }, 'tunnel.keyFile'],
    [{ jump: 'a,,b' }, 'tunnel.jump'],
    [{ jump: 'a b' }, 'tunnel.jump'],
  ])('a tunnel with %o is told at %s', (change, field) => {
    expect(told({ tunnel: { ...base.tunnel, on: true, host: 'bastion', ...change } })).toEqual([field]);
    expect(told({ tunnel: { ...base.tunnel, on: false, host: 'bastion', ...change } })).toEqual([]);
  });

  test.each<[Partial<FormState['companion']>, string]>([
    [{ command: ' ' }, 'companion.command'],
    [{ timeout: '0' }, 'companion.timeout'],
    [{ timeout: '601' }, 'companion.timeout'],
  ])('a companion with %o is told at %s', (change, field) => {
    expect(told({ companion: { ...base.companion, on: true, command: 'x', ...change } })).toEqual([field]);
  });

  test.each([
    [{ connect_timeout: 'soon' }, 'parameters.connect_timeout'],
    [{ pool_max_conns: '0' }, 'parameters.pool_max_conns'],
    [{ sslkey: '/key' }, 'parameters.sslcert'],
  ])('parameters with %o are told at %s', (change, field) => {
    expect(told({ parameters: { ...base.parameters, ...change } })).toEqual([field]);
  });

  test("the system's authorities without a check of the name are told at the mode", () => {
    expect(told({ sslmode: 'require', parameters: { ...base.parameters, sslrootcert: 'system' } })).toEqual([
      'sslmode',
    ]);
  });

  test.each([
    ['sslpassword', 'secret'],
    ['sslmode', 'field of its own'],
    ['connect_timeout', 'field of its own'],
    ['sslnegotiation', 'one of'],
  ])('a further parameter %s is refused: %s', (name, words) => {
    const problems = problemsOf(withFields(base, { extra: [{ name, value: 'x' }] }), []);
    expect(problems['extra.0']).toContain(words);
  });

  test('a parameter given twice is told at the second', () => {
    const twice = { name: 'keepalives', value: '1' };
    expect(told({ extra: [twice, twice] })).toEqual(['extra.1']);
  });
});

describe('whether closing the form would lose something', () => {
  const parameters = {
    target_session_attrs: 'primary',
    sslrootcert: '/ca.crt',
    keepalives: '1',
    options: '-c a=b',
  };
  const form = formOf({ ...guarded, connection: { ...guarded.connection, parameters } });

  test('not by passing through the URL, whatever the order of its parameters', () => {
    expect(isEdited(form, settled(form))).toBe(false);
    expect(isEdited(form, settled(withUrl(form, form.url)))).toBe(false);
  });

  test('by a URL that can not be read, and by anything in a folded section', () => {
    expect(isEdited(form, withUrl(form, 'postgres://db:x/'))).toBe(true);
    expect(isEdited(form, withFields(form, { tunnel: { ...form.tunnel, on: true } }))).toBe(true);
    expect(isEdited(form, withFields(form, { extra: [] }))).toBe(true);
  });
});

describe('editing what is protected', () => {
  const changed = (change: Partial<FormState>) => {
    const draft = draftOf(withFields(formOf(guarded), change));
    if (!draft) throw new Error('The form makes no draft.');
    return changesOf(guarded, draft);
  };

  test('nothing changed is no change', () => {
    expect(changed({})).toEqual({});
  });

  test('a lowered protection or another address wants the name typed; a new colour does not', () => {
    expect(isDelicate(guarded, changed({ protection: 'open' }))).toBe(true);
    expect(isDelicate(guarded, changed({ host: 'elsewhere' }))).toBe(true);
    expect(isDelicate(guarded, changed({ protection: 'read-only' }))).toBe(false);
    expect(isDelicate(guarded, changed({ color: 'blue', name: 'new' }))).toBe(false);
    expect(isDelicate({ ...guarded, protection: 'open' }, changed({ host: 'elsewhere' }))).toBe(false);
  });

  test('a stored password is for one host, port and role, whatever the database', () => {
    expect(passwordIsForElsewhere(guarded, { ...guarded.connection, database: 'other' })).toBe(false);
    expect(passwordIsForElsewhere(guarded, { ...guarded.connection, port: 1 })).toBe(true);
  });
});
