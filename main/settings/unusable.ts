import {
  combinationProblem,
  isSecretParameter,
  parameterProblem,
} from '../../preload/contract/connection-parts.ts';

type Fields = Record<string, unknown>;

/** Parameters that only go with certain others, the least important first. */
const dependent = [
  'ssl_max_protocol_version',
  'ssl_min_protocol_version',
  'sslnegotiation',
  'sslrootcert',
  'hostaddr',
];

/**
 * The settings without connection parameters that this program can't take: an earlier one let more of them pass, and
 * one of them must not keep all environments away. What was left out is told by name, its value is not.
 */
export function withoutUnusable(raw: unknown): { settings: unknown; notices: string[] } {
  if (!isFields(raw) || !Array.isArray(raw.environments)) return { settings: raw, notices: [] };
  const notices: string[] = [];
  const environments = raw.environments.map((one: unknown) => {
    if (!isFields(one) || !isFields(one.connection) || !isFields(one.connection.parameters)) return one;
    const { parameters, dropped } = usable(one.connection);
    if (dropped.length === 0) return one;
    notices.push(
      `The environment "${String(one.name)}" had connection parameters that can't be used and were left out: ${dropped.join(', ')}.`,
    );
    return { ...one, connection: { ...one.connection, parameters } };
  });
  return { settings: { ...raw, environments }, notices };
}

function usable(connection: Fields): { parameters: Record<string, string>; dropped: string[] } {
  const given = Object.entries(connection.parameters as Fields);
  const good = given.filter(
    ([name, value]) =>
      typeof value !== 'string' || (!isSecretParameter(name) && parameterProblem(name, value) === undefined),
  );
  const parameters = Object.fromEntries(good) as Record<string, string>;
  const hosts = 1 + (Array.isArray(connection.otherHosts) ? connection.otherHosts.length : 0);
  for (const name of dependent) {
    if (!combinationProblem(String(connection.sslmode), hosts, parameters)) break;
    delete parameters[name];
  }
  return { parameters, dropped: given.map(([name]) => name).filter((name) => !(name in parameters)) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
