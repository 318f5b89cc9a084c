import type { ColumnModel, Oid } from '../../../preload/contract/schema-model.ts';
import { grantsOf } from '../acl.ts';
import { isTrue, numberOrNull, rowsOf, textOf } from '../rows.ts';
import { columnOptions, type Lookups, later, oid, type Row, storageName } from './of-rows.ts';

/** Shared by all columns without options. */
const none: string[] = [];

/**
 * The columns of all relations, of which there are more than of anything else: kept as the text that the server sent,
 * which takes a quarter of the room, and put together for one relation at a time.
 */
export class ColumnRows {
  /** Stretches of text by relation; mostly one each, because the server gives a relation's columns together. */
  readonly #texts = new Map<Oid, string[]>();

  /** Takes a piece of the statement's output, whole rows. */
  add(text: string): void {
    let relation = '';
    let from = 0;
    const keep = (to: number): void => {
      if (to === from) return;
      const known = this.#texts.get(relation);
      if (known) known.push(text.slice(from, to));
      else this.#texts.set(relation, [text.slice(from, to)]);
    };
    for (let at = 0; at < text.length; ) {
      const isSame = relation !== '' && text.startsWith(`${relation}\t`, at);
      if (!isSame) {
        keep(at);
        from = at;
        relation = text.slice(at, text.indexOf('\t', at));
      }
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end + 1;
    }
    keep(text.length);
  }

  /**
   * @param comments rows of that statement; those on columns are put where they belong
   * @returns what gives a relation's columns, in their order
   */
  finish(look: Lookups, comments: readonly Row[]): (relation: Oid) => ColumnModel[] {
    const said = new Map<string, string>();
    for (const [, object, sub, text] of comments) if (sub !== '0') said.set(`${object} ${sub}`, textOf(text));
    return (relation) => {
      const columns = (this.#texts.get(relation) ?? []).flatMap((text) =>
        rowsOf(text).map((row) => columnOf(row, look, said)),
      );
      return columns.sort((a, b) => a.number - b.number);
    };
  }
}

/** A row of `catalog/columns.sql`; types, storage and collations come as numbers. */
function columnOf(row: Row, look: Lookups, said: ReadonlyMap<string, string>): ColumnModel {
  const [relation, number, name, type, modifier, notNull, hasDefault, identity, generated, collation] = row;
  const [
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    storage,
    compression,
    statistics,
    local,
    inherited,
    options,
    foreignOptions,
    acl,
  ] = row;
  const traits = look.traits(type);
  const typeKey = `${type} ${modifier}`;
  return {
    number: Number(number),
    name: textOf(name),
    type: look.type(typeKey) ?? typeKey,
    typeOid: oid(type),
    notNull: isTrue(notNull),
    expression: isTrue(hasDefault) ? later : null,
    identity: identity === 'a' ? 'always' : identity === 'd' ? 'by-default' : null,
    generated: generated === 's' ? 'stored' : generated === 'v' ? 'virtual' : null,
    collation: collation === '\\N' || traits?.collation === collation ? null : look.collation(collation),
    storage: storage === (traits?.storage ?? 'x') ? null : storageName(storage ?? null),
    compression: compression === 'p' ? 'pglz' : compression === 'l' ? 'lz4' : null,
    statistics: numberOrNull(statistics),
    options: options === '\\N' && foreignOptions === '\\N' ? none : columnOptions(options, foreignOptions),
    local: isTrue(local),
    inherited: numberOrNull(inherited) ?? 0,
    grants: grantsOf(acl),
    comment: said.get(`${relation} ${number}`) ?? null,
  };
}
