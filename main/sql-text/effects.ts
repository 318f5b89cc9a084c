import type { LockMode } from '../../preload/contract/schema-diff.ts';
import { alterTable } from './effects-alter-table.ts';
import {
  type Effects,
  effects,
  type Fields,
  isObject,
  items,
  lock,
  nameOf,
  namesIn,
  relationsIn,
  text,
} from './effects-parts.ts';
import type { ParsedStatement } from './parse.ts';

export type { Effects } from './effects-parts.ts';

/**
 * What a statement does to a server while it runs, as far as its text tells: PostgreSQL manual, "Explicit Locking" and
 * the pages of each command, for 12 to 18. Indexes and toast tables of a named table are locked along with it and not
 * listed. What a function or a DO block does can't be seen; the notes say so.
 */
export function effectsOf({ node, fields }: ParsedStatement): Effects {
  const known = byNode[node];
  if (known) return known(fields);
  return /^(?:Create|Alter|Define|Grant|Comment|Rename|Rule|SecLabel|Reassign|Import)/.test(node)
    ? effects('change')
    : effects('change', { notes: ['What it locks is not known here.'] });
}

const outside = { inTransaction: false };
const contents = 'Everything in it goes, and can’t be taken back once committed.';

const byNode: Record<string, (fields: Fields) => Effects> = {
  SelectStmt: (fields) => {
    const calls = isCalling(fields);
    return effects(fields.intoClause || calls ? 'change' : 'read', {
      locks: relationsIn(fields).map((name) =>
        lock(fields.lockingClause ? 'ROW SHARE' : 'ACCESS SHARE', name),
      ),
      notes: calls ? ['It calls functions: what they do can’t be seen from here.'] : [],
    });
  },
  InsertStmt: (fields) => writing('change', fields),
  UpdateStmt: (fields) =>
    writing('change', fields, fields.whereClause ? [] : ['It has no WHERE: every row is written anew.']),
  DeleteStmt: (fields) =>
    writing('destroy', fields, fields.whereClause ? [] : ['It has no WHERE: every row goes.']),
  MergeStmt: (fields) => writing(/"CMD_DELETE"/.test(JSON.stringify(fields)) ? 'destroy' : 'change', fields),
  CopyStmt: (fields) =>
    effects(fields.is_from || fields.is_program || fields.filename ? 'change' : 'read', {
      locks: [lock(fields.is_from ? 'ROW EXCLUSIVE' : 'ACCESS SHARE', nameOf(fields.relation))],
      notes: fields.is_program
        ? ['It runs a program on the server’s machine.']
        : fields.filename
          ? ['It reads or writes a file on the server’s machine.']
          : [],
    }),
  TruncateStmt: (fields) =>
    effects('destroy', {
      locks: items(fields.relations).map((one) => lock('ACCESS EXCLUSIVE', nameOf(one.RangeVar))),
      notes: [contents],
    }),
  LockStmt: (fields) => {
    // lockdefs.h numbers the modes from 1.
    const modes: LockMode[] = [
      'ACCESS SHARE',
      'ROW SHARE',
      'ROW EXCLUSIVE',
      'SHARE UPDATE EXCLUSIVE',
      'SHARE',
      'SHARE ROW EXCLUSIVE',
      'EXCLUSIVE',
      'ACCESS EXCLUSIVE',
    ];
    const mode = modes[Number(fields.mode) - 1] ?? 'ACCESS EXCLUSIVE';
    return effects('change', {
      locks: items(fields.relations).map((one) => lock(mode, nameOf(one.RangeVar))),
      notes: ['The lock is held to the end of the transaction.'],
    });
  },

  AlterTableStmt: alterTable,
  CreateStmt: createTable,
  CreateTableAsStmt: (fields) =>
    effects('change', { locks: relationsIn(fields.query).map((name) => lock('ACCESS SHARE', name)) }),
  CreateForeignTableStmt: (fields) => createTable((fields.base ?? {}) as Fields),
  IndexStmt: (fields) =>
    effects('change', {
      locks: [lock(fields.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', nameOf(fields.relation))],
      scans: true,
      inTransaction: !fields.concurrent,
      notes: fields.concurrent
        ? ['If it fails it leaves an invalid index behind, to be dropped.']
        : ['Writes to the table wait until the index is built; CONCURRENTLY lets them through.'],
    }),
  ReindexStmt: (fields) => {
    const concurrent = hasOption(fields.params, 'concurrently');
    const whole = /SCHEMA|SYSTEM|DATABASE/.test(text(fields.kind));
    return effects('change', {
      locks: whole
        ? []
        : /INDEX$/.test(text(fields.kind))
          ? [lock(concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', nameOf(fields.relation))]
          : [lock(concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', nameOf(fields.relation))],
      scans: true,
      inTransaction: !concurrent && !whole,
      notes: concurrent
        ? []
        : /INDEX$/.test(text(fields.kind))
          ? ['Its table is locked too, against writes; queries that would use the index wait.']
          : ['Queries that would use its indexes wait until they are rebuilt.'],
    });
  },
  DropStmt: drop,
  RenameStmt: (fields) =>
    effects('change', {
      locks: fields.relation
        ? [
            lock(
              fields.renameType === 'OBJECT_INDEX' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
              nameOf(fields.relation),
            ),
          ]
        : [],
      notes: ['Programs that use the old name fail from then on.'],
    }),
  AlterObjectSchemaStmt: (fields) =>
    effects('change', {
      locks: fields.relation ? [lock('ACCESS EXCLUSIVE', nameOf(fields.relation))] : [],
      notes: ['Programs that use the old name fail from then on.'],
    }),
  CommentStmt: (fields) => {
    const names = namesIn(fields.object);
    const kind = text(fields.objtype);
    const isOf = /TABCONSTRAINT|TRIGGER|POLICY|RULE/.test(kind);
    const isRelation = !isOf && /TABLE|VIEW|SEQUENCE|INDEX|COLUMN/.test(kind);
    const relation = isOf || kind === 'OBJECT_COLUMN' ? names.slice(0, -1) : names;
    const mode = isOf ? 'ACCESS SHARE' : 'SHARE UPDATE EXCLUSIVE';
    return effects('change', { locks: isOf || isRelation ? [lock(mode, relation.join('.'))] : [] });
  },
  ViewStmt: (fields) =>
    effects('change', { locks: fields.replace ? [lock('ACCESS EXCLUSIVE', nameOf(fields.view))] : [] }),
  RefreshMatViewStmt: (fields) =>
    effects('change', {
      locks: [lock(fields.concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', nameOf(fields.relation))],
      rewrites: 'yes',
    }),
  RuleStmt: (fields) => effects('change', { locks: [lock('ACCESS EXCLUSIVE', nameOf(fields.relation))] }),
  CreateTrigStmt: (fields) =>
    effects('change', { locks: [lock('SHARE ROW EXCLUSIVE', nameOf(fields.relation))] }),
  CreatePolicyStmt: (fields) =>
    effects('change', { locks: [lock('ACCESS EXCLUSIVE', nameOf(fields.table))] }),
  AlterPolicyStmt: (fields) => effects('change', { locks: [lock('ACCESS EXCLUSIVE', nameOf(fields.table))] }),
  CreateStatsStmt: (fields) =>
    effects('change', {
      locks: items(fields.relations).map((one) => lock('SHARE UPDATE EXCLUSIVE', nameOf(one.RangeVar))),
    }),
  AlterSeqStmt: (fields) =>
    effects('change', { locks: [lock('SHARE ROW EXCLUSIVE', nameOf(fields.sequence))] }),
  AlterEnumStmt: (fields) =>
    effects('change', {
      notes: fields.oldVal
        ? []
        : ['The new value can’t be used before the transaction that adds it is over (SQLSTATE 55P04).'],
    }),
  AlterDomainStmt: (fields) => {
    const checks = fields.subtype === 'C' || fields.subtype === 'O';
    return effects(fields.subtype === 'X' ? 'destroy' : 'change', {
      scans: checks,
      notes: checks ? ['It reads every table that has a column of the domain, under a SHARE lock.'] : [],
    });
  },

  VacuumStmt: (fields) => {
    const full = hasOption(fields.options, 'full');
    const mode = full ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
    return effects('change', {
      locks: items(fields.rels).flatMap(({ VacuumRelation: one }) =>
        isObject(one) && one.relation ? [lock(mode, nameOf(one.relation))] : [],
      ),
      rewrites: full ? 'yes' : 'no',
      scans: true,
      inTransaction: !fields.is_vacuumcmd,
    });
  },
  ClusterStmt: (fields) =>
    effects('change', {
      locks: fields.relation ? [lock('ACCESS EXCLUSIVE', nameOf(fields.relation))] : [],
      rewrites: 'yes',
      scans: true,
      inTransaction: Boolean(fields.relation),
    }),
  TransactionStmt: (fields) =>
    effects(/BEGIN|START|SAVEPOINT|RELEASE/.test(text(fields.kind)) ? 'read' : 'change', {
      notes: /COMMIT|ROLLBACK$|PREPARE/.test(text(fields.kind))
        ? ['It ends the transaction, one that the tool began too: what follows runs outside of it.']
        : [],
    }),
  VariableSetStmt: (fields) =>
    effects('read', {
      notes: fields.is_local
        ? []
        : ['It stays set for what the same session runs afterwards; SET LOCAL ends with the transaction.'],
    }),
  VariableShowStmt: () => effects('read'),
  ConstraintsSetStmt: () => effects('read'),
  ExplainStmt: (fields) =>
    hasOption(fields.options, 'analyze')
      ? effects('change', { notes: ['ANALYZE runs the statement.'] })
      : effects('read'),
  DoStmt: () => effects('change', { notes: ['What the block does can’t be seen from here.'] }),
  CallStmt: () => effects('change', { notes: ['What the procedure does can’t be seen from here.'] }),

  CreatedbStmt: () => effects('change', outside),
  DropdbStmt: () => effects('destroy', { ...outside, notes: [contents] }),
  AlterSystemStmt: () =>
    effects('change', { ...outside, notes: ['It changes the settings of the whole server.'] }),
  CreateTableSpaceStmt: () => effects('change', outside),
  DropTableSpaceStmt: () => effects('destroy', outside),
  DropRoleStmt: () => effects('destroy', { notes: ['Roles belong to the whole server.'] }),
  DropOwnedStmt: () => effects('destroy', { notes: ['Everything that the role owns here goes.'] }),
  CreateRoleStmt: () => effects('change', { notes: ['Roles belong to the whole server.'] }),
  DropSubscriptionStmt: () =>
    effects('destroy', { notes: ['With a replication slot it can’t run within a transaction.'] }),
  CreateSubscriptionStmt: () =>
    effects('change', { notes: ['With a replication slot it can’t run within a transaction.'] }),
  DropUserMappingStmt: () => effects('destroy'),
};

function writing(risk: Effects['risk'], fields: Fields, notes: string[] = []): Effects {
  const target = nameOf(fields.relation);
  const others = relationsIn(fields).filter((name) => name !== target);
  return effects(risk, {
    locks: [lock('ROW EXCLUSIVE', target), ...others.map((name) => lock('ACCESS SHARE', name))],
    notes,
  });
}

/** Functions that everybody knows to change nothing; others may do anything. */
const harmless = new Set(
  'count sum avg min max now coalesce lower upper length concat format to_char date_trunc array_agg json_agg jsonb_agg string_agg bool_and bool_or current_setting version current_database current_schema row_number rank dense_rank generate_series unnest extract abs round floor ceil trim left right substr substring replace jsonb_build_object json_build_object to_regclass pg_typeof'.split(
    ' ',
  ),
);

function isCalling(fields: Fields): boolean {
  let calls = false;
  JSON.stringify(fields, (key, value: unknown) => {
    if (key === 'FuncCall' && isObject(value)) {
      const name = namesIn({ List: { items: value.funcname } }).at(-1) ?? '';
      if (!harmless.has(name)) calls = true;
    }
    return value;
  });
  return calls;
}

function createTable(fields: Fields): Effects {
  const isPartition = Boolean(fields.partbound);
  const parents = items(fields.inhRelations).map((one) =>
    // A partition is checked against the default one, under ACCESS EXCLUSIVE, and so is its parent.
    lock(isPartition ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', nameOf(one.RangeVar)),
  );
  const constraints = items(fields.tableElts).flatMap((one) => {
    if (isObject(one.ColumnDef)) return items(one.ColumnDef.constraints);
    return one.Constraint ? [one] : [];
  });
  const referred = constraints.flatMap(({ Constraint: one }) =>
    isObject(one) && one.pktable ? [lock('SHARE ROW EXCLUSIVE', nameOf(one.pktable))] : [],
  );
  const own = nameOf(fields.relation);
  return effects('change', { locks: [...parents, ...referred].filter(({ on }) => on !== own) });
}

const ofTable = /TRIGGER|POLICY|RULE/;
const relationKinds = /TABLE$|INDEX|VIEW|SEQUENCE/;

function drop(fields: Fields): Effects {
  const kind = text(fields.removeType);
  const names = items(fields.objects).map((object) => namesIn(object));
  const concurrent = Boolean(fields.concurrent);
  const locks = relationKinds.test(kind)
    ? names.map((name) => lock(concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', name.join('.')))
    : ofTable.test(kind)
      ? names.map((name) => lock('ACCESS EXCLUSIVE', name.slice(0, -1).join('.')))
      : [];
  const notes = [
    ...(/TABLE$|MATVIEW|SEQUENCE/.test(kind) ? [contents] : []),
    ...(kind === 'OBJECT_INDEX' && !concurrent ? ['Its table is locked too, against everything.'] : []),
    ...(fields.behavior === 'DROP_CASCADE' ? ['CASCADE: whatever depends on it goes too, unnamed.'] : []),
  ];
  return effects('destroy', { locks, notes, inTransaction: !concurrent });
}

function hasOption(options: unknown, name: string): boolean {
  return items(options).some(({ DefElem: one }) => {
    if (!isObject(one) || one.defname !== name) return false;
    const value = JSON.stringify(one.arg ?? '').toLowerCase();
    return !/"(?:off|false)"|"ival":0|"boolval":false/.test(value);
  });
}
