import type { DefaultPrivilegesModel, OtherModel } from '../../../../preload/contract/schema-model.ts';
import { hiddenValue } from '../../foreign-options.ts';
import { defaultPrivileges, describeDefaults } from '../default-privileges.ts';
import { relationKey } from '../model-names.ts';
import type { GrantTarget } from '../privileges.ts';
import { literal, quoted } from '../quote.ts';
import { type ObjectKind, ranks } from '../schema-object.ts';
import { printed } from '../words.ts';
import type { Builder } from './builder.ts';
import { otherKey } from './other-key.ts';

/** What is known by the statements that make it: rules, operators, collations, … */
export function addOther(b: Builder, other: OtherModel): void {
  const table = other.table === null ? undefined : b.names.tables.get(other.table);
  if (other.table !== null && (!table || table.extension)) return;
  const word = other.kind.replace('-', ' ').toUpperCase();
  const on = `${word} ${other.identity}`;
  const definition = printed(other.definition);
  const text = definition.text?.trim().replace(/;$/, '') ?? null;
  const whole = [text ?? '', ...other.also].join('\n');
  const schema = other.schema === null ? null : b.names.schema(other.schema);
  const within = table ? `${b.names.schema(table.schema)}.${table.name}: ` : schema ? `${schema}.` : '';
  const name = `${within}${other.name}`;
  const unwritten = unwrittenKinds[other.kind];
  b.put(other.kind, otherKey(other), {
    schema,
    name,
    // A rule or statistics of a relation go with it.
    table: table ? relationKey(b.names, table) : null,
    rank: ranks[other.kind],
    of: { kind: 'other', ...(table ? { table: b.names.of(table) } : {}) },
    needs: [
      other.schema === null ? null : b.schemaKey(other.schema),
      table ? relationKey(b.names, table) : null,
      ...(other.kind === 'user mapping' ? [serverOf(other.identity)] : []),
      ...b.references.in(whole),
    ],
    attributes: {
      definition:
        text === null || unwritten ? definition.value : [comparable(other, text), ...other.also].join(';\n'),
    },
    create: text === null || unwritten ? [] : [text, ...other.also],
    drop: unwritten ? [] : [`DROP ${on}`],
    unknown: [unwritten ?? (definition.why && `The ${other.kind} ${name} is not known: ${definition.why}`)],
    lacks:
      other.kind === 'user mapping'
        ? ['Its options are never read, since they may hold passwords. ALTER USER MAPPING sets them.']
        : whole.includes(literal(hiddenValue))
          ? ['Options that sound like secrets are never read. ALTER FOREIGN DATA WRAPPER sets them.']
          : [],
    extras:
      unwritten || other.kind === 'user mapping'
        ? []
        : [
            b.extras(
              on,
              {
                comment: other.comment,
                grants: other.grants,
                ...(other.owner === null ? {} : { owner: other.owner }),
              },
              { target: targetOf(other, on) },
            ),
          ],
  });
}

/** Columns of statistics stand in the order of the table, which is no difference. */
function comparable({ kind }: OtherModel, text: string): string {
  if (kind !== 'statistics') return text;
  return text.replace(/ ON (.*) FROM /su, (_, columns: string) => {
    const parts = [
      ...columns.matchAll(/(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|\((?:[^()]|\([^()]*\))*\)|[^,("'])+/gsu),
    ];
    return ` ON ${parts
      .map(([part]) => part.trim())
      .sort()
      .join(', ')} FROM `;
  });
}

/** What is only named. */
const unwrittenKinds: Partial<Record<ObjectKind, string>> = {
  subscription:
    'Subscriptions are not written: where they connect to may hold a password, and is never read.',
  'security labels':
    'Security labels are not written: they belong to a provider that the server may not have.',
};

function targetOf({ kind, owner }: OtherModel, on: string): GrantTarget | null {
  if (owner === null) return null;
  if (kind === 'language') return { kind: 'language', on };
  return kind === 'foreign-data wrapper' ? { kind: 'server', on } : null;
}

function serverOf(identity: string): string {
  const name = identity.slice(identity.lastIndexOf(' SERVER ') + ' SERVER '.length);
  return `foreign server ${quoted(name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)}`;
}

export function addDefaultPrivileges(b: Builder, defaults: DefaultPrivilegesModel): void {
  const schema = defaults.schema === null ? null : b.names.schema(defaults.schema);
  const name = `${defaults.on} of ${defaults.role}${schema === null ? '' : ` in ${schema}`}`;
  const { ignorePrivileges = false } = b.options;
  if (ignorePrivileges) return;
  b.put('default privileges', `default privileges ${JSON.stringify([defaults.role, schema, defaults.on])}`, {
    schema,
    name,
    needs: [defaults.schema === null ? null : b.schemaKey(defaults.schema)],
    attributes: { grants: describeDefaults(defaults, b.version) },
    create: defaultPrivileges(schema, null, defaults, b.version),
    drop: defaultPrivileges(schema, defaults, null, b.version),
    of: { kind: 'default privileges', defaults },
  });
}
