import type { Finding } from '../../preload/contract/environments.ts';
import { AddressProblem, readFields } from './address.ts';
import { publishedAddress } from './compose-ports.ts';
import { draftOf, notesOn } from './draft.ts';
import { type EnvValues, envValues, readEnvFile } from './env-file.ts';
import { type Finds, shown } from './found.ts';
import type { TextFile } from './source.ts';
import { ExpansionProblem, expand } from './variables.ts';
import { at, listAt, type ReadYaml, textAt, type Yaml } from './yaml.ts';

/** Gives a file beside the compose file, by its name or path from there; undefined when it is not there. */
export type Beside = (name: string) => TextFile | undefined;

/** Files that `docker compose` reads along with a compose file, by the names it has for them. */
export function filesNamedIn(read: ReadYaml): string[] {
  const names = new Set(['.env']);
  if ('fault' in read) return [...names];
  const services = at(read.value, 'services');
  if (services?.kind !== 'map') return [...names];
  for (const service of services.entries.values()) for (const name of envFilesOf(service)) names.add(name);
  return [...names].slice(0, 20);
}

/** Finds the PostgreSQL services of a Compose file (Compose specification). */
export function readCompose(read: ReadYaml, finds: Finds, beside: Beside): void {
  if ('fault' in read) {
    finds.fault(read.fault.line, read.fault.text);
    return;
  }
  const services = at(read.value, 'services');
  if (services?.kind !== 'map') {
    finds.fault(read.value.line, 'There are no services in this file, so it is no Compose file.');
    return;
  }
  const dotEnv = readValues(beside('.env'));
  const compose: Compose = { services: services.entries, dotEnv, beside, finds };
  for (const [name, yaml] of services.entries) readService(compose, name, yaml);
}

interface Compose {
  services: ReadonlyMap<string, Yaml>;
  dotEnv: EnvValues | undefined;
  beside: Beside;
  finds: Finds;
}

/** A file's values. What is wrong with it is told when it is read for itself. */
function readValues(file: TextFile | undefined): EnvValues | undefined {
  if (!file) return undefined;
  const deaf = { fault: () => undefined };
  return envValues(readEnvFile(file.text, deaf), deaf);
}

function readService(compose: Compose, name: string, yaml: Yaml): void {
  const { finds } = compose;
  const unknown = new Set<string>();
  const put = (text: string): string =>
    expand(text, {
      dialect: 'compose',
      lookUp: (variable) => compose.dotEnv?.get(variable)?.text,
      onUnknown: (variable) => unknown.add(variable),
    });
  try {
    const service = extended(compose, name, yaml, []);
    const image = imageOf(service, put);
    // The values of a service that is none of ours may lack what they need without it mattering here.
    if (!isPostgresImage(image) && (image !== '' || !at(service, 'build'))) return;
    const environment = environmentOf(compose, service, put);
    const byImage = isPostgresImage(image);
    if (!byImage && !isLikeServer(environment)) return;
    unknown.clear();
    addService(compose, name, yaml.line, service, { put, unknown, environment, byImage });
  } catch (error) {
    if (!(error instanceof ExpansionProblem || error instanceof AddressProblem)) throw error;
    finds.fault(yaml.line, `Service ${shown(name)}: ${error.message}`);
  }
}

/** A name that can't be worked out matters only where it speaks of PostgreSQL. */
function imageOf(service: Yaml, put: (text: string) => string): string {
  const text = textAt(service, 'image') ?? '';
  try {
    return put(text);
  } catch (error) {
    if (error instanceof ExpansionProblem && !/postg/i.test(text)) return text || 'other';
    throw error;
  }
}

interface Known {
  put(text: string): string;
  unknown: Set<string>;
  environment: Environment;
  byImage: boolean;
}

function addService(compose: Compose, name: string, line: number, service: Yaml, known: Known): void {
  const { put, unknown, environment, byImage } = known;
  const first = (...names: string[]): string | undefined => {
    for (const one of names) {
      const raw = environment.get(one);
      const value = raw === undefined ? undefined : raw();
      if (value) return value;
    }
    return undefined;
  };
  const user = first('POSTGRES_USER', 'POSTGRESQL_USERNAME', 'POSTGRESQL_USER') ?? 'postgres';
  const database = first('POSTGRES_DB', 'POSTGRESQL_DATABASE') ?? user;
  let password: string | undefined;
  try {
    password = first('POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD');
  } catch (error) {
    // Without its password the service is still worth having.
    if (!(error instanceof ExpansionProblem)) throw error;
    compose.finds.fault(line, `Service ${shown(name)}: ${error.message}`);
  }
  const inside = first('PGPORT', 'POSTGRESQL_PORT_NUMBER') ?? '5432';
  const hostNetwork = put(textAt(service, 'network_mode') ?? '') === 'host';
  const published = hostNetwork
    ? ({ state: 'known', host: 'localhost', port: inside } as const)
    : publishedAddress(listAt(service, 'ports'), inside, put);
  const address = readFields({
    host: published.state === 'known' ? published.host : 'localhost',
    port: published.state === 'known' ? published.port : inside,
    database,
    user,
    password,
  });
  compose.finds.add({
    kind: 'compose',
    line,
    from: `service ${name}`,
    draft: draftOf(address.connection, { hint: name }),
    notes: [
      ...(byImage ? [] : [guessed]),
      ...(published.state === 'known' ? [] : [notPublished(published.state, name, inside)]),
      ...unknownNote(unknown),
      ...passwordFileNote(environment),
      ...address.notes,
      ...notesOn(address),
      ...startNote(name),
    ],
    ...(address.password === undefined ? {} : { password: address.password }),
  });
}

const guessed: Finding = {
  severity: 'notice',
  id: 'service-guessed',
  text: 'The service is built here, so its image tells nothing; its variables are those of a PostgreSQL server.',
};

function notPublished(state: 'none' | 'random', name: string, inside: string): Finding {
  const start = `Service ${shown(name)}`;
  return {
    severity: 'warning',
    id: 'port-not-published',
    text:
      state === 'none'
        ? `${start} publishes no port, so it can’t be reached from outside its network. Add ports: ["5432:${inside}"] to it.`
        : `${start} is published on a port that Docker chooses at each start; “docker compose port” shows it.`,
  };
}

function unknownNote(unknown: ReadonlySet<string>): Finding[] {
  if (unknown.size === 0) return [];
  const names = [...unknown].slice(0, 10).join(', ');
  return [
    {
      severity: 'warning',
      id: 'variable-unknown',
      text: `Not set in the .env file and taken as empty: ${names}.`,
    },
  ];
}

function passwordFileNote(environment: Environment): Finding[] {
  if (!environment.has('POSTGRES_PASSWORD_FILE') && !environment.has('POSTGRESQL_PASSWORD_FILE')) return [];
  return [
    {
      severity: 'notice',
      id: 'password-elsewhere',
      text: 'The password is in a file of its own, which is not read.',
    },
  ];
}

function startNote(name: string): Finding[] {
  if (!/^[\w][\w.-]*$/.test(name)) return [];
  return [
    {
      severity: 'notice',
      id: 'companion-suggested',
      text: `As a companion command, “docker compose up -d ${shown(name)}” in the file’s folder starts it before connecting.`,
    },
  ];
}

/** Images of PostgreSQL and of what is built upon it, by the last part of their names. */
function isPostgresImage(image: string): boolean {
  const name =
    image
      .replace(/@sha256:.*$/, '')
      .split('/')
      .at(-1)
      ?.replace(/:.*$/, '')
      .toLowerCase() ?? '';
  return (
    /^(?:postgres|postgresql(?:-\d+|-repmgr)?(?:-[a-z]+\d*)?|postgis|timescaledb(?:-ha)?|pgvector|pgvecto-rs|citus|paradedb|alpine-postgres|spilo(?:-\d+)?|postgres-(?:ssl|ha|postgis|timescale))$/.test(
      name,
    ) && !/-(?:exporter|client|backup)/.test(name)
  );
}

/** A service of one's own build whose variables make a database and name no other host. */
function isLikeServer(environment: Environment): boolean {
  const makes = ['POSTGRES_PASSWORD', 'POSTGRES_DB', 'POSTGRES_PASSWORD_FILE'].some((name) =>
    environment.has(name),
  );
  return makes && ![...environment.keys()].some((name) => /HOST$|_URL$|_URI$|SERVER$/.test(name));
}

/** The service with what it extends in the same file put beneath it. @throws {ExpansionProblem} */
function extended(compose: Compose, name: string, yaml: Yaml, chain: string[]): Yaml {
  const names = [...chain, name];
  if (chain.includes(name)) {
    throw new ExpansionProblem(
      `services extend each other in a circle: ${names.map((one) => shown(one)).join(' → ')}.`,
    );
  }
  const extend = at(yaml, 'extends');
  if (!extend || yaml.kind !== 'map' || chain.length > 20) return yaml;
  if (at(extend, 'file')) {
    compose.finds.fault(
      extend.line,
      `Service ${shown(name)} extends one of another file, which is not read.`,
    );
    return yaml;
  }
  const base = extend.kind === 'scalar' ? extend.text : (textAt(extend, 'service') ?? '');
  const under = compose.services.get(base);
  if (!under) {
    compose.finds.fault(extend.line, `Service ${shown(name)} extends a service that is not in this file.`);
    return yaml;
  }
  const below = extended(compose, base, under, names);
  if (below.kind !== 'map') return yaml;
  const entries = new Map(below.entries);
  for (const [key, value] of yaml.entries) {
    const before = entries.get(key);
    entries.set(key, before ? combined(key, before, value) : value);
  }
  return { kind: 'map', line: yaml.line, entries };
}

/** Variables and ports add up; everything else is replaced. */
function combined(key: string, below: Yaml, above: Yaml): Yaml {
  if (key === 'environment' && below.kind === 'map' && above.kind === 'map') {
    return { ...above, entries: new Map([...below.entries, ...above.entries]) };
  }
  if (key === 'environment' || key === 'ports' || key === 'env_file') {
    return { kind: 'list', line: above.line, items: [...asList(below), ...asList(above)] };
  }
  return above;
}

function asList(yaml: Yaml): Yaml[] {
  if (yaml.kind === 'list') return [...yaml.items];
  if (yaml.kind === 'scalar') return [yaml];
  return [...yaml.entries].map(([name, value]) => ({
    kind: 'scalar',
    line: value.line,
    text: value.kind === 'scalar' ? `${name}=${value.text}` : name,
  }));
}

/** The variables of a service. A value is worked out when it is asked for: the others may well be incomplete. */
type Environment = Map<string, () => string>;

function environmentOf(compose: Compose, service: Yaml, put: (text: string) => string): Environment {
  const environment: Environment = new Map();
  for (const name of envFilesOf(service)) {
    const values = readValues(compose.beside(name));
    if (!values) continue;
    for (const variable of values.names()) environment.set(variable, () => values.get(variable)?.text ?? '');
  }
  const given = at(service, 'environment');
  for (const one of given ? asList(given) : []) {
    if (one.kind !== 'scalar') continue;
    const equals = one.text.indexOf('=');
    if (equals < 0) environment.set(one.text, () => compose.dotEnv?.get(one.text)?.text ?? '');
    else environment.set(one.text.slice(0, equals), () => put(one.text.slice(equals + 1)));
  }
  return environment;
}

function envFilesOf(service: Yaml): string[] {
  return listAt(service, 'env_file')
    .map((one) => (one.kind === 'scalar' ? one.text : textAt(one, 'path')))
    .filter((name): name is string => !!name && !name.includes('$'));
}
