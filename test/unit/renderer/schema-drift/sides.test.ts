import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../../preload/contract/environments.ts';
import type { SchemaSource, SnapshotInfo } from '../../../../preload/contract/schema.ts';
import { type DriftAddress, readAddress, writeAddress } from '../../../../renderer/schema/drift/address.ts';
import {
  alike,
  isWhole,
  proposals,
  readSide,
  sideKey,
  sideLabel,
  sinceOf,
  sinceWords,
} from '../../../../renderer/schema/drift/sides.ts';

function environment(name: string, database: string, group = ''): Environment {
  return {
    id: name,
    name,
    group,
    color: 'green',
    protection: 'open',
    connection: { host: 'h', port: 5432, database, user: 'u', sslmode: 'prefer', parameters: {} },
    password: 'none',
    transient: false,
    connect: true,
  };
}

const snapshot = (changes: Partial<SnapshotInfo> = {}): SnapshotInfo => ({
  id: 7,
  environment: 'prod',
  origin: 'prod',
  database: 'app',
  serverVersion: '17.2',
  takenAt: new Date(2026, 2, 10, 14, 5).getTime(),
  seenUntil: 0,
  name: null,
  automatic: true,
  tables: 3,
  bytes: 10,
  ...changes,
});
const now = new Date(2026, 2, 12, 9, 0).getTime();

describe('a side', () => {
  it.each<SchemaSource>([
    { kind: 'environment', environment: 'a:b/c?&#🐘' },
    { kind: 'snapshot', id: 12 },
    { kind: 'path', path: '/srv/it: is\nhere' },
  ])('reads back as it was written: %j', (source) => {
    expect(readSide(sideKey(source))).toEqual(source);
  });

  it.each([null, '', 'environment:', 'snapshot:x', 'snapshot:-1', 'something:else'])(
    'is none when it says %j',
    (key) => {
      expect(readSide(key)).toBeNull();
    },
  );

  it('is not whole while its path is empty', () => {
    expect(isWhole({ kind: 'path', path: ' ' })).toBe(false);
    expect(isWhole(null)).toBe(false);
    expect(isWhole({ kind: 'snapshot', id: 1 })).toBe(true);
  });

  it('is called by its name, or by where a snapshot is from and when', () => {
    const known = { environments: [environment('prod', 'app')], snapshots: [snapshot()] };
    expect(sideLabel({ kind: 'environment', environment: 'prod' }, known, now)).toBe('prod');
    expect(sideLabel({ kind: 'snapshot', id: 7 }, known, now)).toBe('prod, Tuesday 14:05');
    expect(sideLabel({ kind: 'snapshot', id: 8 }, known, now)).toBe('Snapshot 8');
  });
});

describe('what is proposed', () => {
  const production = environment('kronos_eam_production', 'kronos_eam_production', 'Sample');
  const all = [
    environment('edictflow', 'edictflow', 'Sample'),
    environment('kronos_eam', 'kronos_eam', 'Sample'),
    production,
  ];

  it('begins with those that are called alike, then the others of the group', () => {
    expect(proposals(production, all).map(({ name }) => name)).toEqual(['kronos_eam', 'edictflow']);
    expect(alike(production, all)?.name).toBe('kronos_eam');
  });

  it('does not take two for alike because both are called production', () => {
    const billing = environment('billing-production', 'billing');
    expect(alike(billing, [...all, billing])).toBeUndefined();
    expect(proposals(billing, [production])).toEqual([]);
  });
});

describe('what changed since', () => {
  it('is a snapshot of an environment against that same environment', () => {
    const wanted: SchemaSource = { kind: 'snapshot', id: 7 };
    const actual = (id: string): SchemaSource => ({ kind: 'environment', environment: id });
    expect(sinceOf({ wanted, actual: actual('prod') }, [snapshot()])?.id).toBe(7);
    expect(sinceOf({ wanted, actual: actual('dev') }, [snapshot()])).toBeUndefined();
    expect(sinceOf({ wanted: actual('prod'), actual: wanted }, [snapshot()])).toBeUndefined();
  });

  it('says the snapshot’s name with its date', () => {
    expect(sinceWords(snapshot(), now)).toBe('Tuesday 14:05');
    expect(sinceWords(snapshot({ name: 'before 2.4' }), now)).toBe('“before 2.4”, Tuesday 14:05');
  });
});

describe('the address', () => {
  const address: DriftAddress = {
    wanted: { kind: 'path', path: '/srv/a b&c' },
    actual: { kind: 'environment', environment: 'prod' },
    ignore: ['owner', 'names'],
    schemas: ['public', 'odd, "one"'],
    compared: true,
    pane: 'script',
    group: 'table',
  };

  it('reads back as it was written and keeps what others wrote', () => {
    const search = writeAddress('?view=compare', 'prod', address);
    expect(readAddress(search, 'prod')).toEqual(address);
    expect(new URLSearchParams(search).get('view')).toBe('compare');
  });

  it('says nothing to the page of another environment', () => {
    expect(readAddress(writeAddress('', 'prod', address), 'dev')).toBeUndefined();
  });

  it('is taken back whole', () => {
    expect(writeAddress(writeAddress('?view=compare', 'prod', address), 'prod', undefined)).toBe(
      '?view=compare',
    );
  });
});
