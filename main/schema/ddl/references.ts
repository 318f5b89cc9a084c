/** `"a b".c`, `a."b"`, … as the server prints names that no search path makes shorter. */
const dotted = /("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\.("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)/gu;

/** `app.===`, as in OPERATOR(app.===). */
const operators = /("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\.([-+*/<>=~!@#%^&|`?]+)/gu;

/**
 * Finds which objects a text printed by the server names. It is for the order of statements only: naming more than is
 * meant (in a literal, say) costs nothing but freedom of order.
 */
export class References {
  readonly #keys = new Map<string, string[]>();

  add(schema: string, name: string, key: string): void {
    const at = `${schema}\0${name}`;
    const keys = this.#keys.get(at);
    if (keys) keys.push(key);
    else this.#keys.set(at, [key]);
  }

  in(text: string): Set<string> {
    const found = new Set<string>();
    // Of the many texts there are, most name nothing.
    if (!text.includes('.')) return found;
    this.#find(text, found);
    // In a literal, as in nextval('"a''b".c'::regclass), quotes are doubled.
    if (text.includes("''")) this.#find(text.replaceAll("''", "'"), found);
    return found;
  }

  #find(text: string, found: Set<string>): void {
    for (const [, schema = '', operator] of text.matchAll(operators))
      for (const key of this.#keys.get(`${plain(schema)}\0${operator}`) ?? []) found.add(key);
    dotted.lastIndex = 0;
    for (let match = dotted.exec(text); match; match = dotted.exec(text)) {
      const [, schema = '', name = ''] = match;
      for (const key of this.#keys.get(`${plain(schema)}\0${plain(name)}`) ?? []) found.add(key);
      // `a.b.c` may be schema, table and column, or a table's alias before them.
      dotted.lastIndex = match.index + schema.length + 1;
    }
  }
}

const plain = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
