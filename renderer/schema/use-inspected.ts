import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import type { Diagram } from '../../preload/contract/diagram/model/diagram.ts';
import type { Oid } from '../../preload/contract/schema-model.ts';
import { samePlaces } from './same-places.ts';

/** The selected table; it stays the same one, by its name, when the structure is read again. */
export function useSelected(diagram: Diagram | undefined) {
  const [selected, setSelected] = useState<number>();
  useOtherDiagram(diagram, (old, next) =>
    setSelected((table) => (table === undefined ? undefined : samePlaces(old, next, [table])[0])),
  );
  return [selected, setSelected] as const;
}

/** What the inspector shows; a table that was made anew under its name stays in it. */
export function useInspected(
  diagram: Diagram | undefined,
): [Oid | undefined, Dispatch<SetStateAction<Oid | undefined>>] {
  const [inspected, setInspected] = useState<Oid>();
  useOtherDiagram(diagram, (old, next) =>
    setInspected((oid) => {
      const place = old.tables.findIndex((table) => table.oid === oid);
      const [there] = place < 0 ? [] : samePlaces(old, next, [place]);
      return (there === undefined ? undefined : next.tables[there]?.oid) ?? oid;
    }),
  );
  return [inspected, setInspected];
}

function useOtherDiagram(diagram: Diagram | undefined, act: (old: Diagram, next: Diagram) => void): void {
  const before = useRef(diagram);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const old = before.current;
    before.current = diagram;
    if (old && diagram && old !== diagram) latest.current(old, diagram);
  }, [diagram]);
}
