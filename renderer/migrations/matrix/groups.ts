import type { Environment } from '../../../preload/contract/environments.ts';
import { byGroup } from '../../environments/groups.ts';

/** Stands for all environments; no group's name can be it, because names are trimmed. */
export const allGroups = ' all';
/** As many as one look takes. */
const most = 500;

type Member = Pick<Environment, 'id' | 'group'>;

/** The environments of a group, in the person's order. */
export function membersOf<T extends Member>(environments: readonly T[], group: string): T[] {
  return byGroup(environments)
    .filter(({ name }) => group === allGroups || name === group)
    .flatMap(({ environments: members }) => members)
    .slice(0, most);
}

/** What can be chosen, with how many there are of each. The chosen one is among it even when nobody is in it any more. */
export function groupChoices(
  environments: readonly Member[],
  chosen: string,
): { value: string; label: string }[] {
  const named = byGroup(environments).filter(({ name }) => name !== '');
  const choices = [
    { value: allGroups, label: `All environments (${environments.length})` },
    ...named.map(({ name, environments: members }) => ({
      value: name,
      label: `${name} (${members.length})`,
    })),
  ];
  if (!choices.some(({ value }) => value === chosen)) choices.push({ value: chosen, label: `${chosen} (0)` });
  return choices;
}
