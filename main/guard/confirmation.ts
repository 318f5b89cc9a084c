import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';

type Protected = Pick<Environment, 'name' | 'protection'>;

/** Lets an act on a server through, or not, by the environment's protection. @throws contract errors. */
export function checkProtection(environment: Protected, confirm: string | undefined): void {
  if (environment.protection === 'read-only') {
    throw fail('PROTECTED_READ_ONLY', {
      cause: 'read-only',
      what: `"${environment.name}" is read-only.`,
      why: 'Its protection refuses everything that changes or ends something on the server.',
      next: 'Change its protection in its settings first, if that is meant.',
    });
  }
  if (environment.protection === 'guarded') checkTypedName(environment, confirm);
}

/** Wants the environment's name, typed exactly, unless the environment is open. @throws contract errors. */
export function checkTypedName(environment: Protected, confirm: string | undefined): void {
  if (environment.protection === 'open' || confirm === environment.name) return;
  throw fail('CONFIRMATION_REQUIRED', {
    cause: 'confirmation',
    environmentName: environment.name,
    what:
      confirm === undefined
        ? `"${environment.name}" is ${environment.protection}: its name has to be typed first.`
        : `"${confirm}" is not the name of this environment.`,
    why: 'Acts on a protected environment are confirmed by typing its name.',
    next: `Type ${environment.name}. On the command line: --confirm "${environment.name}".`,
  });
}
