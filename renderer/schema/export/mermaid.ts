import { type Diagram, Flag } from '../model/diagram.ts';
import { oneLine } from '../scene/text.ts';
import { fullNames, plainNames } from './names.ts';

/**
 * A Mermaid `erDiagram` of some tables (mermaid.js.org, "Entity Relationship Diagrams"). Its grammar takes few signs in
 * types and attributes, so those become underscores; entities keep their name as an alias. Enums follow as comments,
 * and their values in the comment of each column that has them.
 *
 * @param tables places in `diagram.tables`
 */
export function mermaid(diagram: Diagram, tables: readonly number[]): string {
  const drawn = tables.filter((place) => diagram.tables[place]?.kind !== 'enum');
  const full = fullNames(diagram, drawn);
  const ids = new Map<number, string>();
  for (const [at, id] of plainNames(full, /[A-Za-z0-9_]/).entries()) {
    // A leading digit is no identifier.
    ids.set(drawn[at] ?? -1, /^[0-9]/.test(id) ? `_${id}` : id);
  }
  const enumOf = new Map<string, string[]>();
  for (const { kind, from, to, fromColumns } of diagram.relations) {
    if (kind === 'enum') enumOf.set(`${from} ${fromColumns[0]}`, diagram.tables[to]?.columns ?? []);
  }

  const lines = ['erDiagram'];
  for (const [at, place] of drawn.entries()) {
    const table = diagram.tables[place];
    if (!table) continue;
    const id = ids.get(place) ?? '';
    const title = full[at] === id ? id : `${id}["${quoted(full[at] ?? '')}"]`;
    if (table.columns.length === 0) {
      lines.push(`    ${title} {`, '    }');
      continue;
    }
    lines.push(`    ${title} {`);
    const names = plainNames(table.columns, /[A-Za-z0-9_]/);
    for (const [column, name] of table.columns.entries()) {
      const flags = table.flags[column] ?? 0;
      const type = mermaidType(diagram.types[table.types[column] ?? -1] ?? '');
      const keys = [
        flags & Flag.primary ? 'PK' : '',
        flags & Flag.foreign ? 'FK' : '',
        flags & Flag.unique && !(flags & Flag.primary) ? 'UK' : '',
      ].filter(Boolean);
      const values = enumOf.get(`${place} ${column}`);
      const comment = [
        names[column] === name ? '' : name,
        flags & Flag.notNull ? 'not null' : '',
        values ? `one of ${values.slice(0, 12).join(', ')}${values.length > 12 ? ', …' : ''}` : '',
      ]
        .filter(Boolean)
        .join('; ');
      lines.push(
        `        ${type} ${identifier(names[column] ?? '')}${keys.length > 0 ? ` ${keys.join(', ')}` : ''}${comment ? ` "${quoted(comment)}"` : ''}`,
      );
    }
    lines.push('    }');
  }
  for (const relation of diagram.relations) {
    const from = ids.get(relation.from);
    const to = ids.get(relation.to);
    if (from === undefined || to === undefined || relation.kind === 'enum') continue;
    if (relation.kind === 'foreign-key') {
      const label = relation.fromColumns
        .map((column) => diagram.tables[relation.from]?.columns[column] ?? '')
        .join(', ');
      const line = `${relation.optional ? '|o' : '||'}--${relation.unique ? 'o|' : 'o{'}`;
      lines.push(`    ${to} ${line} ${from} : "${quoted(label || relation.name)}"`);
    } else {
      lines.push(`    ${to} ||..o{ ${from} : "${relation.kind}"`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** An attribute begins with a letter or an underscore. */
const identifier = (name: string): string => (/^[A-Za-z_]/.test(name) ? name : `_${name}`);

/** `numeric(10,2)[]` as `numeric(10-2)[]`: brackets are taken, commas and spaces are not. */
function mermaidType(type: string): string {
  const plain = type.replace(/,\s*/g, '-').replace(/[^A-Za-z0-9_()[\]-]/g, '_');
  return /^[A-Za-z]/.test(plain) ? plain : `t${plain}`;
}

/** Inside of double quotes there is no escape: they become single ones. */
const quoted = (text: string): string => oneLine(text).replaceAll('"', '’').replaceAll('\\', '/');
