import { type Fields, PlanUnreadable } from './outline.ts';

/** Whether a text could be a plan in EXPLAIN's text format. */
export function looksLikeTextPlan(text: string): boolean {
  return /\((?:cost=\d|actual (?:time|rows)=|never executed)/.test(text);
}

interface Open {
  indent: number;
  fields: Fields;
}

const mostLines = 200_000;

/**
 * A plan in EXPLAIN's text format, as the JSON format would have it. Names of nodes and of their parts are the same in
 * both; what the text only shows joined (`Sort Method: external merge  Disk: 8kB`) is taken apart.
 *
 * @throws {PlanUnreadable}
 */
export function fromTextFormat(text: string): Fields {
  const top: Fields = {};
  const open: Open[] = [];
  let label: { indent: number; name: string } | undefined;
  let planning = false;
  const lines = text.split(/\r?\n/, mostLines);
  for (const line of lines) {
    if (line.trim() === '') continue;
    const indent = line.search(/\S/);
    const node = nodeLine.exec(line);
    if (node) {
      const fields = nodeFields(node[2] ?? '', node[3] ?? '');
      while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
      const parent = open.at(-1);
      if (!parent && top.Plan)
        throw new PlanUnreadable('There are several plans in it; one at a time can be read.');
      if (parent) attach(parent.fields, fields, label && label.indent < indent ? label.name : undefined);
      else top.Plan = fields;
      label = undefined;
      open.push({ indent, fields });
      continue;
    }
    const subplan = /^\s*((?:InitPlan|SubPlan) .*|CTE .+)$/.exec(line);
    if (subplan && open.length > 0) {
      label = { indent, name: (subplan[1] ?? '').trim() };
      // What follows hangs below the node that this line is indented under.
      while (open.length > 1 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
      continue;
    }
    const pair = /^\s*([A-Z][^:]{0,200}):\s*(.*)$/.exec(line);
    if (!pair) continue;
    const [, name = '', value = ''] = pair;
    // What planning itself read stands below a line of its own, and belongs to no node.
    if (name === 'Planning') planning = true;
    if (planning && name === 'Buffers') continue;
    if (!wholePlan(top, name, value)) {
      const owner = open.findLast((one) => one.indent < indent) ?? open.at(-1);
      if (owner) addFact(owner.fields, name, value);
    }
  }
  if (!top.Plan) throw new PlanUnreadable('No line of it is a node of a plan.');
  return top;
}

const nodeLine = /^(\s*(?:->\s+)?)(\S[^(]*?(?:\([^)]*\)[^(]*?)?)\s+(\((?:cost=|actual |never executed).*)$/;

function nodeFields(title: string, figures: string): Fields {
  const fields: Fields = {};
  const parallel = title.startsWith('Parallel ');
  const plain = parallel ? title.slice('Parallel '.length) : title;
  const [, type = plain, index, on] =
    /^(.*?)(?:\s+using\s+("[^"]+"|\S+))?(?:\s+on\s+(.*))?$/.exec(plain) ?? [];
  Object.assign(fields, typeFields(type.trim()), { 'Parallel Aware': parallel });
  if (index) fields['Index Name'] = bare(index);
  if (on) {
    const isIndex = fields['Node Type'] === 'Bitmap Index Scan';
    const [name = '', alias] = on.match(/(?:"[^"]+"|[^\s".]+)(?:\.(?:"[^"]+"|[^\s".]+))*/g) ?? [];
    const parts = name.match(/"[^"]+"|[^."]+/g) ?? [];
    if (isIndex) fields['Index Name'] = bare(parts.at(-1) ?? '');
    else {
      const kind = { 'CTE Scan': 'CTE Name', 'Function Scan': 'Function Name' }[String(fields['Node Type'])];
      fields[kind ?? 'Relation Name'] = bare(parts.at(-1) ?? '');
      if (!kind && parts.length > 1) fields.Schema = bare(parts[0] ?? '');
      fields.Alias = bare(alias ?? parts.at(-1) ?? '');
    }
  }
  const cost = /cost=([\d.]+)\.\.([\d.]+) rows=(\d+) width=(\d+)/.exec(figures);
  if (cost) {
    const [, startup, total, rows, width] = cost.map(Number);
    Object.assign(fields, {
      'Startup Cost': startup,
      'Total Cost': total,
      'Plan Rows': rows,
      'Plan Width': width,
    });
  }
  const actual = /actual (?:time=([\d.]+)\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)/.exec(figures);
  if (actual) {
    if (actual[1] !== undefined)
      Object.assign(fields, {
        'Actual Startup Time': Number(actual[1]),
        'Actual Total Time': Number(actual[2]),
      });
    Object.assign(fields, { 'Actual Rows': Number(actual[3]), 'Actual Loops': Number(actual[4]) });
  } else if (figures.includes('never executed'))
    Object.assign(fields, { 'Actual Rows': 0, 'Actual Loops': 0 });
  return fields;
}

function typeFields(title: string): Fields {
  const join =
    /^(Hash|Merge|Nested Loop)( (?:Left|Right|Full|Semi|Anti|Right Semi|Right Anti))?( Join)?$/.exec(title);
  if (join && (join[3] || join[1] === 'Nested Loop'))
    return {
      'Node Type': join[1] === 'Nested Loop' ? 'Nested Loop' : `${join[1]} Join`,
      'Join Type': (join[2] ?? ' Inner').trim(),
    };
  const aggregate = /^(?:(Partial|Finalize) )?(Hash|Group|Mixed)?Aggregate$/.exec(title);
  if (aggregate) {
    const strategy = { Hash: 'Hashed', Group: 'Sorted', Mixed: 'Mixed' }[aggregate[2] ?? ''] ?? 'Plain';
    return { 'Node Type': 'Aggregate', Strategy: strategy, 'Partial Mode': aggregate[1] ?? 'Simple' };
  }
  if (/^(?:Insert|Update|Delete|Merge)$/.test(title)) return { 'Node Type': 'ModifyTable', Operation: title };
  const backward = /^(Index(?: Only)? Scan) Backward$/.exec(title);
  if (backward) return { 'Node Type': backward[1], 'Scan Direction': 'Backward' };
  return { 'Node Type': title };
}

const bare = (name: string): string => name.replace(/^"(.*)"$/, '$1');

function attach(parent: Fields, child: Fields, label: string | undefined): void {
  const plans = Array.isArray(parent.Plans) ? (parent.Plans as Fields[]) : [];
  const ordinary = plans.filter((one) => /^(?:Outer|Inner|Member)$/.test(String(one['Parent Relationship'])));
  if (label) {
    child['Subplan Name'] = label;
    child['Parent Relationship'] = label.startsWith('SubPlan') ? 'SubPlan' : 'InitPlan';
  } else if (/Append/.test(String(parent['Node Type']))) child['Parent Relationship'] = 'Member';
  else child['Parent Relationship'] = ordinary.length === 0 ? 'Outer' : 'Inner';
  parent.Plans = [...plans, child];
}

/** Lines that are about the whole plan. */
function wholePlan(top: Fields, name: string, value: string): boolean {
  const ms = /^([\d.]+) ms$/.exec(value);
  if ((name === 'Planning Time' || name === 'Execution Time') && ms) top[name] = Number(ms[1]);
  else if (name === 'Query Identifier') top[name] = value;
  else if (name === 'Settings')
    top[name] = Object.fromEntries(
      [...value.matchAll(/([\w.]+) = '([^']*)'/g)].map(([, key, set]) => [key, set]),
    );
  else if (name.startsWith('Trigger ')) {
    const [, time, calls] = /(?:time=([\d.]+) )?calls=(\d+)/.exec(value) ?? [];
    const all = Array.isArray(top.Triggers) ? top.Triggers : [];
    const title = name.slice('Trigger '.length).replace(/^.*for constraint /, '');
    top.Triggers = [
      ...all,
      { 'Trigger Name': title, ...(time ? { Time: Number(time) } : {}), Calls: Number(calls ?? 0) },
    ];
  } else if (name === 'Functions' && /^\d+$/.test(value)) top.JIT = { Functions: Number(value) };
  else if (name === 'Timing' && top.JIT) {
    const parts = [...value.matchAll(/(\w+) ([\d.]+) ms/g)].map(([, part, time]) => [part, Number(time)]);
    top.JIT = { ...(top.JIT as Fields), Timing: Object.fromEntries(parts) };
  } else return false;
  return true;
}

function addFact(fields: Fields, name: string, value: string): void {
  if (name === 'Buffers') Object.assign(fields, buffersIn(value));
  else if (name === 'Heap Blocks') {
    for (const [, kind, blocks] of value.matchAll(/(exact|lossy)=(\d+)/g))
      fields[kind === 'exact' ? 'Exact Heap Blocks' : 'Lossy Heap Blocks'] = Number(blocks);
  } else if (name === 'Sort Method') {
    const [, method, kind, space] = /^(.*?)\s+(Memory|Disk): (\d+)kB$/.exec(value) ?? [];
    Object.assign(fields, {
      'Sort Method': method ?? value,
      'Sort Space Type': kind,
      'Sort Space Used': Number(space),
    });
  } else if (name === 'Buckets' || name === 'Batches') {
    const prefix = name === 'Buckets' ? 'Hash ' : 'HashAgg ';
    for (const [, part, number, original] of `${name}: ${value}`.matchAll(
      /(Buckets|Batches|Memory Usage|Disk Usage): (\d+)(?: \(originally (\d+)\))?/g,
    )) {
      const key =
        part === 'Memory Usage' ? 'Peak Memory Usage' : part === 'Disk Usage' ? part : `${prefix}${part}`;
      fields[key] = Number(number);
      if (original) fields[`Original ${key}`] = Number(original);
    }
  } else if (/^\d+(?:\.\d+)?$/.test(value)) fields[name] = Number(value);
  else if (/Key$/.test(name)) fields[name] = splitKeys(value);
  else fields[name] = value;
}

function buffersIn(value: string): Fields {
  const found: Fields = { 'Shared Hit Blocks': 0, 'Shared Read Blocks': 0 };
  const names: Record<string, string> = { hit: 'Hit', read: 'Read', dirtied: 'Dirtied', written: 'Written' };
  for (const group of value.split(/,\s*/)) {
    const kind = /^(shared|local|temp)/.exec(group.trim())?.[1];
    if (!kind) continue;
    const area = kind[0]?.toUpperCase() + kind.slice(1);
    for (const [, what = '', blocks] of group.matchAll(/(hit|read|dirtied|written)=(\d+)/g))
      found[`${area} ${names[what]} Blocks`] = Number(blocks);
  }
  return found;
}

/** At commas outside of brackets and quotes. */
function splitKeys(value: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  let from = 0;
  let quote = '';
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at] ?? '';
    if (quote) quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      keys.push(value.slice(from, at).trim());
      from = at + 1;
    }
  }
  keys.push(value.slice(from).trim());
  return keys;
}
