import type { Diagram } from '../model/diagram.ts';

/**
 * A name for each of some things that a narrow grammar takes, no two alike: signs it does not take become underscores,
 * and of those that then are the same all but the first get a number.
 */
export function plainNames(names: readonly string[], allowed: RegExp): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = [...name].map((character) => (allowed.test(character) ? character : '_')).join('') || '_';
    let plain = base;
    for (let number = 2; taken.has(plain); number += 1) plain = `${base}_${number}`;
    taken.add(plain);
    return plain;
  });
}

/** `schema.table` where there is more than one schema, else the table's name alone. */
export function fullNames(diagram: Diagram, tables: readonly number[]): string[] {
  const schemas = new Set(tables.map((place) => diagram.tables[place]?.schema));
  return tables.map((place) => {
    const table = diagram.tables[place];
    const name = table?.name ?? '';
    return schemas.size > 1 ? `${diagram.schemas[table?.schema ?? -1] ?? ''}.${name}` : name;
  });
}
