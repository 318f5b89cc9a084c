import type { SchemaObject } from './schema-object.ts';

/** A place in a script: the object itself, or first a view with its columns only. */
export interface Placed {
  object: SchemaObject;
  stub: boolean;
}

/**
 * Objects in an order in which each comes after what it needs: by kind and name where nothing else decides. A view in a
 * circle of needs comes twice, first as a stub.
 */
export function inOrder(objects: Map<string, SchemaObject>): Placed[] {
  const stubs = new Set<string>();
  const byRank = [...objects.values()].sort(
    (a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.key < b.key ? -1 : 1),
  );
  for (;;) {
    const before = stubs.size;
    const placed = sort(byRank, objects, stubs);
    if (stubs.size === before) return placed;
  }
}

function sort(byRank: SchemaObject[], objects: Map<string, SchemaObject>, stubs: Set<string>): Placed[] {
  const placed: Placed[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const stubbed = new Set<string>();
  const path: SchemaObject[] = [];
  interface Frame {
    object: SchemaObject;
    needs: string[];
    soft: string[];
  }
  /** Not recursive: chains of views can be long. */
  const visit = (start: SchemaObject) => {
    const frames: Frame[] = [];
    const enter = (object: SchemaObject) => {
      state.set(object.key, 'open');
      path.push(object);
      frames.push({ object, needs: sorted(object.needs, objects), soft: sorted(object.wants, objects) });
    };
    enter(start);
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const soft = frame.needs.length === 0;
      const key = soft ? frame.soft.shift() : frame.needs.shift();
      if (key === undefined) {
        frames.pop();
        path.pop();
        state.set(frame.object.key, 'done');
        placed.push({ object: frame.object, stub: false });
        continue;
      }
      const next = objects.get(key);
      if (!next || next === frame.object || state.get(key) === 'done') continue;
      if (stubs.has(key) && !soft) {
        if (!stubbed.has(key)) {
          stubbed.add(key);
          placed.push({ object: next, stub: true });
        }
        continue;
      }
      if (state.get(key) === 'open') {
        if (soft) continue;
        const circle = path.slice(path.indexOf(next));
        const view = circle.find((one) => one.stub !== null && !stubs.has(one.key));
        if (view) stubs.add(view.key);
        continue;
      }
      if (soft && leadsTo(next, objects, state)) continue;
      enter(next);
    }
  };
  for (const object of byRank) if (!state.has(object.key)) visit(object);
  return placed;
}

/** Whether something that is being placed is needed by it: then it can't come before. */
function leadsTo(
  start: SchemaObject,
  objects: Map<string, SchemaObject>,
  state: Map<string, 'open' | 'done'>,
): boolean {
  const seen = new Set([start.key]);
  const open = [start];
  for (let object = open.pop(); object; object = open.pop()) {
    for (const key of object.needs) {
      const at = state.get(key);
      if (at === 'open') return true;
      const next = objects.get(key);
      if (at === 'done' || !next || seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return false;
}

function sorted(keys: Set<string>, objects: Map<string, SchemaObject>): string[] {
  return [...keys].sort((a, b) => {
    const one = objects.get(a);
    const other = objects.get(b);
    return (one?.rank ?? 0) - (other?.rank ?? 0) || (a < b ? -1 : 1);
  });
}
