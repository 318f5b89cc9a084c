import type { LockMode } from '../../preload/contract/schema-diff.ts';
import { type Effects, effects, type Fields, isObject, items, lock, nameOf, text } from './effects-parts.ts';

/**
 * ALTER TABLE and its like: all its actions take the strongest lock that one of them needs (`AlterTableGetLockLevel` in
 * the server's source; the manual's page of ALTER TABLE).
 */
export function alterTable(fields: Fields): Effects {
  const on = nameOf(fields.relation);
  const isIndex = fields.objtype === 'OBJECT_INDEX';
  const parts = items(fields.cmds).flatMap(({ AlterTableCmd: one }) =>
    isObject(one) ? [action(one, on, isIndex)] : [],
  );
  const rewrites = parts.map((part) => part.rewrites);
  return effects(parts.some(({ risk }) => risk === 'destroy') ? 'destroy' : 'change', {
    locks: parts.flatMap(({ locks }) => locks),
    rewrites: rewrites.includes('yes') ? 'yes' : rewrites.includes('perhaps') ? 'perhaps' : 'no',
    scans: parts.some(({ scans }) => scans),
    inTransaction: parts.every(({ inTransaction }) => inTransaction),
    notes: parts.flatMap(({ notes }) => notes),
  });
}

/** Actions that take less than ACCESS EXCLUSIVE. */
const weaker: Record<string, LockMode> = {
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_DetachPartitionFinalize: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableReplicaTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
};

/** Storage parameters that nothing but ACCESS EXCLUSIVE may change (`reloptions.c`). */
const strictOptions =
  /^(?:user_catalog_table|security_barrier|security_invoker|check_option|buffering|fastupdate)$/;

function action(command: Fields, on: string, isIndex: boolean): Effects {
  const subtype = text(command.subtype);
  const def = isObject(command.def) ? command.def : {};
  const exclusive = [lock('ACCESS EXCLUSIVE', on)];
  switch (subtype) {
    case 'AT_AddColumn':
      return addColumn(isObject(def.ColumnDef) ? def.ColumnDef : {}, on);
    case 'AT_DropColumn':
      return effects('destroy', {
        locks: exclusive,
        notes: ['The column’s values go, and can’t be taken back once committed.'],
      });
    case 'AT_DropConstraint':
      return effects('destroy', {
        locks: exclusive,
        notes: ['Of a foreign key the other table is locked too, against everything.'],
      });
    case 'AT_AlterColumnType':
      return effects('change', {
        locks: exclusive,
        rewrites: 'perhaps',
        scans: true,
        notes: [
          'It writes the table and its indexes anew, unless the old type can be taken for the new one as it is stored, such as varchar for text.',
        ],
      });
    case 'AT_SetNotNull':
      return effects('change', {
        locks: exclusive,
        scans: true,
        notes: ['It reads the whole table, unless a valid CHECK (… IS NOT NULL) is there already.'],
      });
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetAccessMethod':
    case 'AT_SetTableSpace':
    case 'AT_SetExpression':
      return effects('change', { locks: exclusive, rewrites: 'yes', scans: true });
    case 'AT_AddIdentity':
      return effects('change', { locks: exclusive });
    case 'AT_AddConstraint':
      return addConstraint(isObject(def.Constraint) ? def.Constraint : {}, on);
    case 'AT_ValidateConstraint':
      return effects('change', {
        // A foreign key's other table is locked too; its name is not in the text.
        locks: [lock('SHARE UPDATE EXCLUSIVE', on)],
        scans: true,
      });
    case 'AT_AttachPartition': {
      const part = isObject(def.PartitionCmd) ? nameOf(def.PartitionCmd.name) : '';
      return effects('change', {
        locks: isIndex
          ? [lock('ACCESS EXCLUSIVE', on), lock('ACCESS EXCLUSIVE', part)]
          : [lock('SHARE UPDATE EXCLUSIVE', on), lock('ACCESS EXCLUSIVE', part)],
        scans: !isIndex,
        notes: isIndex
          ? []
          : ['It reads the new partition, unless a CHECK on it says already what the bound says.'],
      });
    }
    case 'AT_DetachPartition': {
      const command = isObject(def.PartitionCmd) ? def.PartitionCmd : {};
      const concurrent = Boolean(command.concurrent);
      const mode = concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
      return effects('change', {
        locks: [lock(mode, on), lock('ACCESS EXCLUSIVE', nameOf(command.name))],
        inTransaction: !concurrent,
      });
    }
    case 'AT_AddInherit':
    case 'AT_DropInherit': {
      const mode = subtype === 'AT_AddInherit' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS SHARE';
      return effects('change', { locks: [...exclusive, lock(mode, nameOf(def.RangeVar))] });
    }
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions': {
      const options = items(isObject(def.List) ? def.List.items : undefined);
      const strict = options.some(
        ({ DefElem: one }) => isObject(one) && strictOptions.test(text(one.defname)),
      );
      return effects('change', { locks: [lock(strict ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', on)] });
    }
    default:
      return effects('change', { locks: [lock(weaker[subtype] ?? 'ACCESS EXCLUSIVE', on)] });
  }
}

function addColumn(column: Fields, on: string): Effects {
  const constraints = items(column.constraints).flatMap(({ Constraint: one }) =>
    isObject(one) ? [one] : [],
  );
  const of = (kind: string) => constraints.find(({ contype }) => contype === kind);
  const typeName = isObject(column.typeName) ? items(column.typeName.names) : [];
  const last = typeName.at(-1);
  const type = isObject(last?.String) ? text(last.String.sval) : '';
  const isSerial = /^(?:big|small)?serial[248]?$/.test(type);
  const generated = of('CONSTR_GENERATED');
  const notes: string[] = [];
  let rewrites: Effects['rewrites'] = 'no';
  if (isSerial || of('CONSTR_IDENTITY')) rewrites = 'yes';
  // Virtual ones (18) are stored nowhere.
  else if (generated) rewrites = generated.generated_kind === 'v' ? 'no' : 'yes';
  else {
    const value = of('CONSTR_DEFAULT');
    if (value) rewrites = rewritesForDefault(value.raw_expr);
  }
  if (rewrites === 'perhaps')
    notes.push('It writes the table anew if the default is volatile; a constant or now() is kept beside it.');
  if (of('CONSTR_NOTNULL') && !of('CONSTR_DEFAULT') && !generated && !isSerial && !of('CONSTR_IDENTITY'))
    notes.push('NOT NULL without a default fails where the table has rows.');
  const foreign = of('CONSTR_FOREIGN');
  return effects('change', {
    locks: [
      lock('ACCESS EXCLUSIVE', on),
      ...(foreign ? [lock('SHARE ROW EXCLUSIVE', nameOf(foreign.pktable))] : []),
    ],
    rewrites,
    scans: rewrites === 'yes' || ['CONSTR_CHECK', 'CONSTR_UNIQUE', 'CONSTR_PRIMARY'].some((kind) => of(kind)),
    notes,
  });
}

/** Functions that give one value for a whole statement: the default is then computed once (ALTER TABLE, notes). */
const steady = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'current_setting',
  'timezone',
]);
const volatile = new Set([
  'nextval',
  'random',
  'clock_timestamp',
  'timeofday',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'uuid_generate_v1',
  'uuid_generate_v4',
]);

function rewritesForDefault(expression: unknown): Effects['rewrites'] {
  let answer: Effects['rewrites'] = 'no';
  JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'FuncCall' && isObject(value)) {
      const last = items(value.funcname).at(-1);
      const name = isObject(last?.String) ? text(last.String.sval) : '';
      if (volatile.has(name)) answer = 'yes';
      else if (!steady.has(name) && answer === 'no') answer = 'perhaps';
    }
    return value;
  });
  return answer;
}

function addConstraint(constraint: Fields, on: string): Effects {
  const checks = !constraint.skip_validation;
  if (constraint.contype === 'CONSTR_FOREIGN')
    return effects('change', {
      locks: [lock('SHARE ROW EXCLUSIVE', on), lock('SHARE ROW EXCLUSIVE', nameOf(constraint.pktable))],
      scans: checks,
      notes: checks
        ? ['NOT VALID, and VALIDATE CONSTRAINT afterwards, checks the rows under a weaker lock.']
        : [],
    });
  const usesIndex = Boolean(constraint.indexname);
  return effects('change', {
    locks: [lock('ACCESS EXCLUSIVE', on)],
    scans: checks && !usesIndex,
    notes:
      checks && constraint.contype === 'CONSTR_CHECK'
        ? ['NOT VALID, and VALIDATE CONSTRAINT afterwards, checks the rows under a weaker lock.']
        : /UNIQUE|PRIMARY/.test(text(constraint.contype)) && !usesIndex
          ? [
              'Its index is built while nobody can read the table; USING INDEX takes one that was built concurrently.',
            ]
          : [],
  });
}
