import type { NodeFamily } from '../../../../preload/contract/plan-model.ts';
import { type Fields, textIn } from './outline.ts';

/** The node's name as EXPLAIN's text format puts it: `Parallel Seq Scan`, `Hash Left Join`, `Finalize HashAggregate`. */
export function typeName(fields: Fields): string {
  const type = textIn(fields, 'Node Type') ?? '';
  const parallel = fields['Parallel Aware'] === true && !type.startsWith('Gather') ? 'Parallel ' : '';
  return parallel + unqualified(type, fields);
}

function unqualified(type: string, fields: Fields): string {
  const join = textIn(fields, 'Join Type');
  const strategy = textIn(fields, 'Strategy');
  switch (type) {
    case 'Hash Join':
    case 'Merge Join':
      return join && join !== 'Inner' ? `${type.replace(' Join', '')} ${join} Join` : type;
    case 'Nested Loop':
      return join && join !== 'Inner' ? `Nested Loop ${join} Join` : type;
    case 'Aggregate': {
      const kind = { Hashed: 'HashAggregate', Sorted: 'GroupAggregate', Mixed: 'MixedAggregate' }[
        strategy ?? ''
      ];
      const mode = textIn(fields, 'Partial Mode');
      return `${mode && mode !== 'Simple' ? `${mode} ` : ''}${kind ?? 'Aggregate'}`;
    }
    case 'SetOp':
      return `${strategy === 'Hashed' ? 'HashSetOp' : 'SetOp'} ${textIn(fields, 'Command') ?? ''}`.trim();
    case 'ModifyTable':
      return textIn(fields, 'Operation') ?? type;
    case 'Index Scan':
    case 'Index Only Scan':
      return textIn(fields, 'Scan Direction') === 'Backward' ? `${type} Backward` : type;
    case 'Custom Scan': {
      const provider = textIn(fields, 'Custom Plan Provider');
      return provider ? `${type} (${provider})` : type;
    }
    default:
      return type;
  }
}

export function familyOf(fields: Fields): NodeFamily {
  const type = textIn(fields, 'Node Type') ?? '';
  if (/^(?:Index|Bitmap)/.test(type)) return 'index';
  if (/Scan$/.test(type)) return 'scan';
  if (/Join$|^Nested Loop$/.test(type)) return 'join';
  if (/Sort$/.test(type)) return 'sort';
  if (/^(?:Aggregate|Group|WindowAgg|SetOp|Unique|Hash)$/.test(type)) return 'aggregate';
  if (/^Gather/.test(type)) return 'gather';
  if (/^(?:ModifyTable|LockRows)$/.test(type)) return 'write';
  return 'other';
}

/** What a node works on, in one line. */
export function targetOf(fields: Fields): string {
  const relation = textIn(fields, 'Relation Name');
  const schema = textIn(fields, 'Schema');
  const alias = textIn(fields, 'Alias');
  const index = textIn(fields, 'Index Name');
  const named =
    relation === null ? null : `${schema === null || schema === 'public' ? '' : `${schema}.`}${relation}`;
  const table = named === null ? null : alias && alias !== relation ? `${named} ${alias}` : named;
  if (index !== null) return table === null ? index : `${table} by ${index}`;
  if (table !== null) return table;
  const other =
    textIn(fields, 'CTE Name') ??
    textIn(fields, 'Function Name') ??
    textIn(fields, 'Table Function Name') ??
    textIn(fields, 'Tuplestore Name');
  if (other !== null) return alias && alias !== other ? `${other} ${alias}` : other;
  return alias ?? '';
}
