/**
 * Texts that the server prints differ from what it prints of a copy made from them, in ways that mean nothing:
 * `x IN ('a', 'b')` on a varchar moves its casts into the list, and `(a AND b) AND c` loses its inner parentheses. A
 * restored dump differs from its original so; and versions print views with more names or fewer. This gives one form of them, to compare by; it is nothing to run.
 */
export function canonicalText(text: string): string {
  if (text.startsWith('CREATE OR REPLACE PROCEDURE ')) return withoutIn(text);
  const plain = /^\s*SELECT\s/.test(text) ? withoutQualifiers(text) : text;
  const casts = plain.includes(')::text[]') ? withCastsInside(plain) : plain;
  return casts.includes(' AND ') || casts.includes(' OR ') ? flat(casts) : casts;
}

/** From 14 on arguments of procedures are printed with IN. */
function withoutIn(text: string): string {
  const end = text.indexOf('\n');
  return text.slice(0, end).replace(/([(]|, )IN /g, '$1') + text.slice(end);
}

/** The only relation that a query reads, and what it is called in it. */
const onlyFrom =
  /\bFROM\s+(?:ONLY\s+)?(?:(?:"(?:[^"]|"")+"|[\w$]+)\.)?("(?:[^"]|"")+"|[\w$]+)(?: ("(?:[^"]|"")+"|[\w$]+))?(?=\s*(?:;|\n|$))/u;

/** From 16 on columns of the only relation are printed without its name. */
function withoutQualifiers(text: string): string {
  if (/\bJOIN\b/.test(text) || text.match(/\bFROM\b/g)?.length !== 1) return text;
  const [, relation, alias] = onlyFrom.exec(text) ?? [];
  const name = alias ?? relation;
  if (name === undefined) return text;
  return text.replace(
    /'(?:[^']|'')*'|(?<![\w$".])("(?:[^"]|"")+"|[A-Za-z_][\w$]*)\.(?=["\w])/gsu,
    (whole, qualifier?: string) => (qualifier === name ? '' : whole),
  );
}

const item = `'(?:[^']|'')*'::character varying`;
const items = new RegExp(item, 'g');
const castList = new RegExp(String.raw`\(ARRAY\[(${item}(?:, ${item})*)\]\)::text\[\]`, 'g');

function withCastsInside(text: string): string {
  return text.replace(castList, (_, list: string) => {
    const each = list.match(items) ?? [];
    return `ARRAY[${each.map((one) => `(${one})::text`).join(', ')}]`;
  });
}

type Node = string | Node[];

/** Literals and quoted names stay whole, so that no parenthesis in them counts. */
const tokens = /E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[^()'"E]+|E/gs;

function flat(text: string): string {
  const root: Node[] = [];
  const open = [root];
  for (const [token] of text.matchAll(tokens)) {
    const here = open.at(-1) ?? root;
    if (token === '(') {
      const group: Node[] = [];
      here.push(group);
      open.push(group);
    } else if (token === ')') {
      if (open.length === 1) return text;
      open.pop();
    } else {
      here.push(token);
    }
  }
  return open.length === 1 ? root.map(written).join('') : text;
}

function written(node: Node): string {
  if (typeof node === 'string') return node;
  for (const operator of [' AND ', ' OR ']) {
    const parts = chain(node, operator);
    if (parts.length > 1) return `(${parts.join(operator)})`;
  }
  return `(${node.map(written).join('')})`;
}

/** Operands of a group that is one chain of an operator, those of inner groups of the same operator among them. */
function chain(group: Node[], operator: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < group.length; at += 2) {
    const operand = group[at];
    const between = group[at + 1];
    if (operand === undefined || typeof operand === 'string') return [];
    if (between !== undefined && between !== operator) return [];
    const inner = chain(operand, operator);
    if (inner.length > 1) parts.push(...inner);
    else parts.push(written(operand));
  }
  return parts;
}
