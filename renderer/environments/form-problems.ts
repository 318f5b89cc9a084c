import {
  combinationProblem,
  isSecretParameter,
  parameterProblem,
} from '../../preload/contract/connection-parts.ts';
import { connectionOf, readSeconds } from './form-connection.ts';
import { type FieldProblems, type FormState, isKnown, knownParameters } from './form-fields.ts';
import { hostsProblem, isPort, listed, portMessage } from './form-hosts.ts';

/** What is wrong field by field, in the order of the fields on screen; empty when the form can be saved. */
export function problemsOf(state: FormState, takenNames: readonly string[]): FieldProblems {
  return {
    ...addressProblems(state),
    ...parameterProblems(state),
    ...tunnelProblems(state),
    ...companionProblems(state),
    ...extraProblems(state),
    ...nameProblems(state, takenNames),
  };
}

function addressProblems(state: FormState): FieldProblems {
  const problems: FieldProblems = {};
  if (state.urlProblem) problems.url = state.urlProblem.message;
  const hasService = state.parameters.service.trim() !== '';
  const left = (text: string): boolean => hasService && text.trim() === '';
  const hosts = hostsProblem(
    left(state.host) ? 'localhost' : state.host,
    left(state.port) ? '5432' : state.port,
  );
  if (hosts) problems[hosts.field] = hosts.message;
  if (state.database === '' && !hasService) problems.database = 'Database is empty.';
  else if (state.database.length > 63) problems.database = 'Database is longer than 63 characters.';
  if (state.user === '' && !hasService) problems.user = 'User is empty.';
  else if (state.user.length > 63) problems.user = 'User is longer than 63 characters.';
  if (state.sslmode === '' && !hasService) problems.sslmode = 'Choose how the connection is encrypted.';
  const connection = connectionOf(state);
  if (connection && !connection.fromService) {
    const { sslmode, otherHosts = [], parameters } = connection;
    const together = combinationProblem(sslmode, 1 + otherHosts.length, parameters);
    if (together) problems[together.field] ??= together.message;
  }
  return problems;
}

function parameterProblems({ parameters }: FormState): FieldProblems {
  const problems: FieldProblems = {};
  for (const name of knownParameters) {
    const value = parameters[name].trim();
    const problem = value === '' ? undefined : parameterProblem(name, value);
    if (problem) problems[`parameters.${name}`] = problem;
  }
  if (parameters.sslkey.trim() && !parameters.sslcert.trim()) {
    problems['parameters.sslcert'] = 'A key is of no use without its certificate.';
  }
  return problems;
}

function tunnelProblems({ tunnel }: FormState): FieldProblems {
  const problems: FieldProblems = {};
  if (!tunnel.on) return problems;
  const host = tunnel.host.trim();
  if (host === '') problems['tunnel.host'] = 'SSH host is empty.';
  else if (!/^[^\s@/,-][^\s@/,]*$/.test(host)) {
    problems['tunnel.host'] = 'SSH host is a name, an address, or an alias of ~/.ssh/config.';
  }
  if (tunnel.port.trim() !== '' && !isPort(tunnel.port)) problems['tunnel.port'] = portMessage;
  if (tunnel.auth === 'key' && tunnel.keyFile.trim() === '')
    problems['tunnel.keyFile'] = 'Key file is empty.';
  const jumps = tunnel.jump.trim() === '' ? [] : listed(tunnel.jump);
  if (
    !jumps.every((jump) => /^(?:[^\s@/,]+@)?(?:\[[^\]\s]+\]|[^\s@/,:-][^\s@/,:]*)(?::\d{1,5})?$/.test(jump))
  ) {
    problems['tunnel.jump'] = 'Jump hosts read user@host:port, with commas between.';
  }
  return problems;
}

function companionProblems({ companion }: FormState): FieldProblems {
  const problems: FieldProblems = {};
  if (!companion.on) return problems;
  if (companion.command.trim() === '') problems['companion.command'] = 'The command is empty.';
  if (readSeconds(companion.timeout) === undefined) {
    problems['companion.timeout'] = 'From 1 to 600 seconds.';
  }
  return problems;
}

/** Parameters that the form asks for by fields of its own. */
const fieldsOfTheirOwn: readonly string[] = ['host', 'port', 'dbname', 'user', 'sslmode'];

function extraProblems({ extra }: FormState): FieldProblems {
  const problems: FieldProblems = {};
  const seen = new Set<string>();
  for (const [index, { name: typed, value }] of extra.entries()) {
    const name = typed.trim();
    const problem = extraProblem(name, value, seen);
    if (problem) problems[`extra.${index}`] = problem;
    seen.add(name);
  }
  return problems;
}

function extraProblem(name: string, value: string, seen: ReadonlySet<string>): string | undefined {
  if (name === '') return value === '' ? undefined : 'The name of the parameter is empty.';
  if (name.length > 63) return 'The name of the parameter is longer than 63 characters.';
  if (isSecretParameter(name)) return `${name} holds a secret, which settings must not.`;
  if (isKnown(name) || fieldsOfTheirOwn.includes(name)) return `${name} has a field of its own above.`;
  if (seen.has(name)) return `${name} is given twice.`;
  return parameterProblem(name, value);
}

function nameProblems(state: FormState, takenNames: readonly string[]): FieldProblems {
  const problems: FieldProblems = {};
  const name = state.name.trim();
  if (name === '') problems.name = 'Name is empty.';
  else if (name.length > 80) problems.name = 'Name is longer than 80 characters.';
  else if (takenNames.some((taken) => taken.toLowerCase() === name.toLowerCase())) {
    problems.name = `There is already an environment named "${name}".`;
  }
  if (state.group.trim().length > 80) problems.group = 'Group is longer than 80 characters.';
  return problems;
}
