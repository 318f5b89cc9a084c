import type { ConstraintModel, IndexModel } from '../../../../preload/contract/schema-model.ts';
import { alterWord, isPartitioned, isTable, relationKey, relationKind } from '../model-names.ts';
import { parameters, quoted } from '../quote.ts';
import { list, printed } from '../words.ts';
import type { Builder } from './builder.ts';
import { attachIndex, indexSettings } from './indexes.ts';

export function addConstraint(b: Builder, constraint: ConstraintModel): void {
  const names = b.names;
  if (constraint.kind === 'trigger' || constraint.kind === 'not-null') return;
  const definition = printed(constraint.definition);
  const quotedName = quoted(constraint.name);
  const index = constraint.index ? names.indexes.get(constraint.index) : undefined;
  const made = definition.text === null ? null : withIndexParameters(definition.text, index);
  if (constraint.domain) {
    const domain = names.types.get(constraint.domain);
    if (!domain || domain.extension) return;
    const name = names.of(domain);
    b.put('domain constraint', `domain constraint ${name} ${quotedName}`, {
      schema: names.schema(domain.schema),
      name: `${names.schema(domain.schema)}.${domain.name}: ${constraint.name}`,
      table: `type ${name}`,
      needs: [`type ${name}`, ...b.references.in(definition.text ?? '')],
      attributes: { definition: definition.value },
      create:
        definition.text === null
          ? []
          : [`ALTER DOMAIN ${name} ADD CONSTRAINT ${quotedName} ${definition.text}`],
      drop: [`ALTER DOMAIN ${name} DROP CONSTRAINT ${quotedName}`],
      unknown: [definition.why && `The constraint ${constraint.name} is not known: ${definition.why}`],
      of: { kind: 'constraint', constraint },
      extras: [b.extras(`CONSTRAINT ${quotedName} ON DOMAIN ${name}`, constraint)],
    });
    return;
  }
  const table = constraint.table ? names.tables.get(constraint.table) : undefined;
  if (!table || table.extension || !isTable(table)) return;
  const foreign = constraint.kind === 'foreign-key';
  const name = names.of(table);
  const tableKey = relationKey(names, table);
  const key = `${foreign ? 'foreign key' : 'constraint'} ${name} ${quotedName}`;
  // Foreign keys of partitioned tables go to the partitions; nothing else needs to go to children by itself.
  const only = (foreign && isPartitioned(table)) || constraint.kind === 'check' ? '' : 'ONLY ';
  const referred = constraint.references ? names.tables.get(constraint.references.table) : undefined;
  const needs = b.references.in(definition.text ?? '');
  const label = `${names.schema(table.schema)}.${table.name}: ${constraint.name}`;
  const object = b.put(foreign ? 'foreign key' : 'constraint', key, {
    schema: names.schema(table.schema),
    name: label,
    table: tableKey,
    needs: [tableKey, ...needs, ...(referred ? [relationKey(names, referred)] : [])],
    attributes: {
      definition: definition.value,
      ...(index ? { 'index options': list(index.options), tablespace: index.tablespace } : {}),
    },
    create:
      made === null
        ? []
        : [`ALTER ${alterWord(relationKind(table))} ${only}${name} ADD CONSTRAINT ${quotedName} ${made}`],
    drop: [`ALTER ${alterWord(relationKind(table))} ${name} DROP CONSTRAINT ${quotedName}`],
    inline: foreign || made === null || !constraint.validated ? null : `CONSTRAINT ${quotedName} ${made}`,
    unknown: [definition.why && `The constraint ${label} is not known: ${definition.why}`],
    of: { kind: 'constraint', constraint },
    fromParent:
      constraint.kind === 'check' && !constraint.local && b.names.hasParentsCheck(table, constraint.name),
    extras: [b.extras(`CONSTRAINT ${quotedName} ON ${name}`, constraint)],
  });
  if (foreign && constraint.parent) {
    b.all.delete(key);
    b.clones.set(key, object);
    return;
  }
  if (constraint.kind === 'check') {
    const own = b.all.get(tableKey);
    for (const need of needs) own?.wants.add(need);
  }
  if (!index) return;
  indexSettings(b, index, table, key, `${names.schema(table.schema)}.${constraint.name}`);
  if (index.parent) attachIndex(b, index, index.parent, key, table);
}

/**
 * pg_get_constraintdef leaves out storage parameters and tablespace of the index; they belong before WHERE and
 * DEFERRABLE.
 */
function withIndexParameters(definition: string, index: IndexModel | undefined): string {
  if (!index?.options.length && !index?.tablespace) return definition;
  const added = `${index.options.length ? ` WITH (${parameters(index.options)})` : ''}${
    index.tablespace ? ` USING INDEX TABLESPACE ${quoted(index.tablespace)}` : ''
  }`;
  let depth = 0;
  for (const { 0: token, index: at } of definition.matchAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]| (?:WHERE|DEFERRABLE|INITIALLY) /g,
  )) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth === 0 && token.startsWith(' '))
      return definition.slice(0, at) + added + definition.slice(at);
  }
  return definition.replace(/( DEFERRABLE)?$/, `${added.replaceAll('$', '$$$$')}$1`);
}
