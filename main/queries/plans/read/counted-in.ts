import { type Outline, type OutlineNode, textIn } from './outline.ts';

/**
 * For each node the one whose time and blocks include its own. That is the parent, but for what runs only when its rows
 * are first asked for: a CTE counts in the CTE Scan that reads it, an InitPlan in the first node whose expressions name
 * its result (`$0` before 17, `(InitPlan 1)` since).
 */
export function countedIn(outline: Outline, totals: readonly (number | null)[]): (number | null)[] {
  const { nodes } = outline;
  const ends = subtreeEnds(nodes);
  const into = nodes.map(({ parent }) => parent);
  const isWithin = (id: number, of: number): boolean => id >= of && id < (ends[of] ?? of + 1);
  const mentions = mentionsOf(nodes);
  for (const node of nodes) {
    if (textIn(node.fields, 'Parent Relationship') !== 'InitPlan') continue;
    const name = textIn(node.fields, 'Subplan Name') ?? '';
    const users = (name.startsWith('CTE ') ? mentions.get(name) : mentions.get(keyOf(name))) ?? [];
    const outside = users.filter((id) => !isWithin(id, node.id));
    const user = name.startsWith('CTE ') ? largest(outside, totals) : outside[0];
    if (user !== undefined) into[node.id] = user;
  }
  // What a plan of the server never has: two that wait for each other.
  return hasCircle(into) ? nodes.map(({ parent }) => parent) : into;
}

/** `InitPlan 1 (returns $0,$1)` is spoken of as `$0`, `InitPlan 1` as that. */
function keyOf(name: string): string {
  const returned = /returns (\$\d+)/.exec(name);
  return returned?.[1] ?? /^InitPlan \d+/.exec(name)?.[0] ?? name;
}

const mostMentions = 16;

/** Which nodes name `$n`, `InitPlan n`, or scan a CTE. */
function mentionsOf(nodes: readonly OutlineNode[]): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  const note = (key: string, id: number): void => {
    const known = found.get(key);
    if (!known) found.set(key, [id]);
    else if (known.length < mostMentions && known.at(-1) !== id) known.push(id);
  };
  for (const { id, fields } of nodes) {
    const cte = textIn(fields, 'CTE Name');
    if (cte !== null && textIn(fields, 'Node Type') === 'CTE Scan') note(`CTE ${cte}`, id);
    for (const [name, value] of Object.entries(fields)) {
      if (name === 'Subplan Name' || name === 'Output') continue;
      const texts = Array.isArray(value) ? value : [value];
      for (const text of texts) {
        if (typeof text !== 'string' || !/\$|InitPlan/.test(text)) continue;
        for (const [key] of text.slice(0, 20_000).matchAll(/\$\d+|InitPlan \d+/g)) note(key, id);
      }
    }
    // A target list that only VERBOSE shows comes last: conditions are looked at first.
    const output = Array.isArray(fields.Output) ? fields.Output : [];
    for (const text of output)
      if (typeof text === 'string')
        for (const [key] of text.slice(0, 20_000).matchAll(/\$\d+|InitPlan \d+/g)) note(key, id);
  }
  return found;
}

function largest(ids: readonly number[], totals: readonly (number | null)[]): number | undefined {
  let best: number | undefined;
  for (const id of ids) if (best === undefined || (totals[id] ?? 0) > (totals[best] ?? 0)) best = id;
  return best;
}

/** For each node the id after the last one below it: they stand together, since parents come first. */
function subtreeEnds(nodes: readonly OutlineNode[]): number[] {
  const ends = nodes.map(({ id }) => id + 1);
  for (let id = nodes.length - 1; id > 0; id -= 1) {
    const parent = nodes[id]?.parent;
    if (parent !== null && parent !== undefined) ends[parent] = Math.max(ends[parent] ?? 0, ends[id] ?? 0);
  }
  return ends;
}

function hasCircle(into: readonly (number | null)[]): boolean {
  const good = new Uint8Array(into.length);
  for (let start = 0; start < into.length; start += 1) {
    const path: number[] = [];
    for (let at: number | null = start; at !== null && good[at] !== 2; at = into[at] ?? null) {
      if (good[at] === 1) return true;
      good[at] = 1;
      path.push(at);
    }
    for (const id of path) good[id] = 2;
  }
  return false;
}
