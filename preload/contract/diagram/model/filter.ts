import type { Diagram, DiagramFilter } from './diagram.ts';

/** The places of the tables that are drawn, ascending. */
export function visibleTables(diagram: Diagram, filter: DiagramFilter): number[] {
  const hidden = new Set(filter.hiddenSchemas);
  const wanted = filter.name.toLowerCase();
  // Where extensions brought all there is, that is what is looked for.
  const showsExtensions = filter.extensions || diagram.tables.every(({ isExtensions }) => isExtensions);
  const may = diagram.tables.map((table) => {
    if (hidden.has(diagram.schemas[table.schema] ?? '')) return false;
    if (!showsExtensions && table.isExtensions) return false;
    if (!filter.views && (table.kind === 'view' || table.kind === 'materialized-view')) return false;
    return filter.enums || table.kind !== 'enum';
  });

  if (filter.focus) {
    // A table asked for by itself is shown whatever the filters say; so are its neighbours, but for what is left out by kind.
    const kinds = diagram.tables.map(
      (table) =>
        (filter.views || (table.kind !== 'view' && table.kind !== 'materialized-view')) &&
        (filter.enums || table.kind !== 'enum'),
    );
    return neighbourhood(diagram, filter.focus.table, filter.focus.depth, (place) => kinds[place] ?? false);
  }

  const connected = filter.onlyConnected ? connectedTables(diagram, may) : undefined;
  const visible: number[] = [];
  for (const [place, table] of diagram.tables.entries()) {
    if (!may[place]) continue;
    if (connected && !connected.has(place)) continue;
    if (wanted && !matches(diagram, table.schema, table.name, wanted)) continue;
    visible.push(place);
  }
  return visible;
}

/** `wanted` in lower case is part of the name, or of `schema.name` when it has a dot. */
function matches(diagram: Diagram, schema: number, name: string, wanted: string): boolean {
  const full = name.toLowerCase();
  return (
    full.includes(wanted) ||
    (wanted.includes('.') && `${diagram.schemas[schema] ?? ''}.${name}`.toLowerCase().includes(wanted))
  );
}

/** Tables with a foreign key from or to another table that is there, or that inherit. */
function connectedTables(diagram: Diagram, may: readonly boolean[]): ReadonlySet<number> {
  const connected = new Set<number>();
  for (const { kind, from, to } of diagram.relations) {
    if (kind === 'enum' || from === to || !may[from] || !may[to]) continue;
    connected.add(from);
    connected.add(to);
  }
  // An enum goes with the tables that use it.
  for (const { kind, from, to } of diagram.relations) {
    if (kind === 'enum' && may[to] && connected.has(from)) connected.add(to);
  }
  return connected;
}

/**
 * A table and what is at most `depth` relations away, ascending. An enum ends the walk: two tables that share one are
 * not near each other for that.
 */
export function neighbourhood(
  diagram: Diagram,
  table: number,
  depth: number,
  may: (place: number) => boolean = () => true,
): number[] {
  const next = neighbours(diagram);
  const found = new Set([table]);
  let edge = [table];
  for (let step = 0; step < depth && edge.length > 0; step += 1) {
    const further: number[] = [];
    for (const place of edge) {
      if (diagram.tables[place]?.kind === 'enum' && place !== table) continue;
      for (const other of next[place] ?? []) {
        if (found.has(other) || !may(other)) continue;
        found.add(other);
        further.push(other);
      }
    }
    edge = further;
  }
  return [...found].sort((a, b) => a - b);
}

/** For each table those it refers to, then those that refer to it, each once. */
export function neighbours(diagram: Pick<Diagram, 'tables' | 'relations'>): number[][] {
  const sets = diagram.tables.map(() => new Set<number>());
  for (const { from, to } of diagram.relations) if (from !== to) sets[from]?.add(to);
  for (const { from, to } of diagram.relations) if (from !== to) sets[to]?.add(from);
  return sets.map((set) => [...set]);
}
