import type {
  Oid,
  PolicyModel,
  RoutineModel,
  SchemaModel,
  TableModel,
  TriggerModel,
} from '../../../../preload/contract/schema-model.ts';
import { argumentsOf, relationKey, routineKey } from '../model-names.ts';
import { literal, quoted } from '../quote.ts';
import { ranks } from '../schema-object.ts';
import { enableTrigger, list, printed, rolesOf, yes } from '../words.ts';
import type { Builder } from './builder.ts';

export function addRoutine(b: Builder, routine: RoutineModel): void {
  const key = routineKey(b.names, routine);
  const word =
    routine.kind === 'procedure' ? 'PROCEDURE' : routine.kind === 'aggregate' ? 'AGGREGATE' : 'FUNCTION';
  const args = routine.kind === 'aggregate' && !routine.arguments ? '*' : routine.arguments;
  const on = `${word} ${b.names.of(routine)}(${args})`;
  const grantOn = `${word === 'PROCEDURE' ? 'PROCEDURE' : 'FUNCTION'} ${b.names.of(routine)}(${routine.arguments})`;
  const definition = printed(routine.definition);
  const name = `${b.names.schema(routine.schema)}.${routine.name}(${argumentsOf(routine)})`;
  b.put('routine', key, {
    schema: b.names.schema(routine.schema),
    name,
    needs: [
      b.schemaKey(routine.schema),
      b.global('language', routine.language),
      ...b.references.in(`${routine.arguments} ${routine.result ?? ''}`),
      ...b.references.in(definition.text === null ? '' : routineHead(definition.text)),
    ],
    attributes: {
      kind: routine.kind,
      arguments: argumentsOf(routine),
      result: routine.result,
      definition: definition.value,
    },
    create: definition.text === null ? [] : [definition.text.trim().replace(/;$/, '')],
    drop: [`DROP ${on}`],
    of: { kind: 'routine', routine },
    unknown: [definition.why && `The definition of ${routine.kind} ${name} is not known: ${definition.why}`],
    extras: [b.extras(on, routine, { target: { kind: 'routine', on: grantOn } })],
  });
}

export function addTrigger(b: Builder, trigger: TriggerModel): void {
  const names = b.names;
  const table = names.tables.get(trigger.table);
  if (!table || table.extension) return;
  const on = names.of(table);
  const name = quoted(trigger.name);
  const tableKey = relationKey(names, table);
  if (trigger.parent) {
    addTriggerState(b, trigger, trigger.parent, table);
    return;
  }
  const definition = printed(trigger.definition);
  const label = `${names.schema(table.schema)}.${table.name}: ${trigger.name}`;
  b.put('trigger', `trigger ${on} ${name}`, {
    schema: names.schema(table.schema),
    name: label,
    table: tableKey,
    needs: [tableKey, b.byOid.get(trigger.function), ...b.references.in(definition.text ?? '')],
    attributes: { definition: definition.value, enabled: trigger.enabled },
    create:
      definition.text === null
        ? []
        : [
            definition.text,
            ...(trigger.enabled === 'origin' ? [] : [enableTrigger(on, name, trigger.enabled)]),
          ],
    drop: [`DROP TRIGGER ${name} ON ${on}`],
    unknown: [definition.why && `The trigger ${label} is not known: ${definition.why}`],
    of: { kind: 'trigger', trigger },
    extras: [b.extras(`TRIGGER ${name} ON ${on}`, trigger)],
  });
}

/** A partition's trigger may be enabled otherwise than its parent's. */
function addTriggerState(b: Builder, trigger: TriggerModel, parent: Oid, table: TableModel): void {
  const over = b.triggers.get(parent);
  if (!over || over.enabled === trigger.enabled) return;
  const on = b.names.of(table);
  const name = quoted(trigger.name);
  const set = (enabled: TriggerModel['enabled']) => [enableTrigger(on, name, enabled)];
  b.put('trigger', `trigger state ${on} ${name}`, {
    name: `${b.names.schema(table.schema)}.${table.name}: ${trigger.name}`,
    rank: ranks.trigger + 0.5,
    table: relationKey(b.names, table),
    needs: [
      relationKey(b.names, table),
      `partition ${on}`,
      `trigger ${b.names.relation(over.table)} ${quoted(over.name)}`,
    ],
    attributes: { [`trigger ${trigger.name}`]: trigger.enabled },
    create: set(trigger.enabled),
    drop: set(over.enabled),
    fold: { into: relationKey(b.names, table), part: null },
  });
}

export function addPolicy(b: Builder, policy: PolicyModel): void {
  const names = b.names;
  const table = names.tables.get(policy.table);
  if (!table || table.extension) return;
  const on = names.of(table);
  const name = quoted(policy.name);
  const using = policy.using && printed(policy.using);
  const check = policy.check && printed(policy.check);
  const label = `${names.schema(table.schema)}.${table.name}: ${policy.name}`;
  const why = using?.why ?? check?.why ?? null;
  b.put('policy', `policy ${on} ${name}`, {
    schema: names.schema(table.schema),
    name: label,
    table: relationKey(names, table),
    needs: [relationKey(names, table), ...b.references.in(`${using?.text ?? ''} ${check?.text ?? ''}`)],
    attributes: {
      command: policy.command,
      permissive: yes(policy.permissive),
      roles: [...policy.roles].sort().join(', ') || 'PUBLIC',
      using: using ? using.value : null,
      check: check ? check.value : null,
    },
    create: why
      ? []
      : [
          `CREATE POLICY ${name} ON ${on}${policy.permissive ? '' : ' AS RESTRICTIVE'} FOR ${policy.command.toUpperCase()} TO ${rolesOf(policy)}${
            using ? ` USING (${using.text})` : ''
          }${check ? ` WITH CHECK (${check.text})` : ''}`,
        ],
    drop: [`DROP POLICY ${name} ON ${on}`],
    unknown: [why && `The policy ${label} is not known: ${why}`],
    of: { kind: 'policy', policy },
    extras: [b.extras(`POLICY ${name} ON ${on}`, policy)],
  });
}

export function addEventTrigger(b: Builder, trigger: SchemaModel['eventTriggers'][number]): void {
  const name = quoted(trigger.name);
  const tags = trigger.tags.length ? `\n  WHEN TAG IN (${trigger.tags.map(literal).join(', ')})` : '';
  const enabled = {
    origin: 'ENABLE',
    disabled: 'DISABLE',
    replica: 'ENABLE REPLICA',
    always: 'ENABLE ALWAYS',
  }[trigger.enabled];
  const called = b.names.routine(trigger.function);
  b.put('event trigger', `event trigger ${name}`, {
    name: trigger.name,
    needs: [b.byOid.get(trigger.function)],
    attributes: {
      event: trigger.event,
      tags: list(trigger.tags),
      function: called,
      enabled: trigger.enabled,
    },
    create: [
      `CREATE EVENT TRIGGER ${name} ON ${quoted(trigger.event)}${tags}\n  EXECUTE FUNCTION ${called}()`,
      ...(trigger.enabled === 'origin' ? [] : [`ALTER EVENT TRIGGER ${name} ${enabled}`]),
    ],
    drop: [`DROP EVENT TRIGGER ${name}`],
    extras: [b.extras(`EVENT TRIGGER ${name}`, { comment: trigger.comment, owner: trigger.owner })],
  });
}

/** What must be there for CREATE FUNCTION: all but a body that is checked when it runs. */
function routineHead(definition: string): string {
  const body = /\nAS [$'E]/.exec(definition);
  return body ? definition.slice(0, body.index) : definition;
}
