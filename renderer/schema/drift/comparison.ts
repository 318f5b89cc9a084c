import type { Environment } from '../../../preload/contract/environments.ts';
import type { Comparison, SchemaSource } from '../../../preload/contract/schema.ts';
import type { DriftAddress } from './address.ts';
import type { RunState } from './run.ts';
import { alike, isWhole, sideKey } from './sides.ts';

/** What is proposed at first: this environment against the one that is most like it. */
export function firstAddress(environment: Environment, environments: readonly Environment[]): DriftAddress {
  const other = alike(environment, environments);
  return {
    wanted: other ? { kind: 'environment', environment: other.id } : null,
    actual: { kind: 'environment', environment: environment.id },
    ignore: [],
    schemas: [],
    compared: false,
    pane: 'differences',
    group: 'kind',
  };
}

/** What an address asks to compare; undefined while a side is missing. */
export function comparisonOf({ wanted, actual, ignore, schemas }: DriftAddress): Comparison | undefined {
  if (!isWhole(wanted) || !isWhole(actual)) return undefined;
  return {
    wanted: trimmed(wanted),
    actual: trimmed(actual),
    options: {
      ignoreOwner: ignore.includes('owner'),
      ignorePrivileges: ignore.includes('privileges'),
      ignoreComments: ignore.includes('comments'),
      ignoreGeneratedNames: ignore.includes('names'),
      schemas: [...schemas],
    },
  };
}

const trimmed = (source: SchemaSource): SchemaSource =>
  source.kind === 'path' ? { kind: 'path', path: source.path.trim() } : source;

/** Whether what is chosen is something else than what is shown. */
export function isOther(address: DriftAddress, { comparison, phase }: RunState): boolean {
  const next = comparisonOf(address);
  return phase === 'done' && JSON.stringify(next) !== JSON.stringify(comparison);
}

/** Why it can't be compared as it is. */
export function refusal(wanted: SchemaSource | null, actual: SchemaSource | null): string | undefined {
  if (!isWhole(wanted)) return 'Choose what it should be like first';
  if (!isWhole(actual)) return 'Choose what would be brought to it first';
  return sideKey(wanted) === sideKey(actual) ? 'Both sides are the same' : undefined;
}
