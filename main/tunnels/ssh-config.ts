import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse } from 'ssh-config';
import { matchesList } from './patterns.ts';
import { expandHome, localUser, systemFolder } from './places.ts';
import { configMalformed } from './problems.ts';
import { readRegularFile, UnusableFile } from './read-text.ts';

export interface Where {
  file: string;
  /** From 1. */
  line: number;
}

export interface Setting extends Where {
  /** Without the quotes around them. */
  values: string[];
}

/** What ssh_config(5) says about one host: for each keyword the first setting that applies. */
export interface HostSettings {
  /** Keyword in lower case. */
  first(keyword: string): Setting | undefined;
  /** Every setting of a keyword that may be given several times (IdentityFile). */
  every(keyword: string): Setting[];
  /** ProxyJump or ProxyCommand, whichever comes first: they exclude each other. */
  proxy: ({ keyword: 'proxyjump' | 'proxycommand' } & Setting) | undefined;
}

export interface SshConfigOptions {
  home?: string;
  /** The system's folder of OpenSSH, `/etc/ssh`. */
  systemFolder?: string;
}

/** The account's and the system's configuration of OpenSSH. Runs nothing that it names. */
export interface SshConfig {
  /**
   * @param host as it was asked for: a name, an address or an alias
   * @throws WayProblem (`tunnel-config-malformed`), naming file and line
   */
  settingsFor(host: string, user?: string): HostSettings;
  /** Files that were there and were read. */
  files: string[];
  /** What is in them and was left out, in words. */
  leftOut: string[];
}

export function openSshConfig(options: SshConfigOptions = {}): SshConfig {
  const home = options.home ?? homedir();
  const system = options.systemFolder ?? systemFolder();
  const roots: Source[] = [
    { file: join(home, '.ssh', 'config'), folder: join(home, '.ssh') },
    { file: join(system, 'ssh_config'), folder: system },
  ];
  const cache = new Map<string, Directive[]>();
  const leftOut = new Set<string>();

  const directivesOf = (file: string): Directive[] => {
    const directives = cache.get(file) ?? readDirectives(file);
    cache.set(file, directives ?? []);
    return directives ?? [];
  };

  return {
    get files() {
      return [...cache.keys()].filter((file) => (cache.get(file)?.length ?? 0) > 0);
    },
    get leftOut() {
      return [...leftOut];
    },
    settingsFor(host, user) {
      const reading = new Reading({ host, user, home, directivesOf, leftOut });
      for (const root of roots) reading.read(root);
      if (reading.wantsFinalPass) {
        reading.startFinalPass();
        for (const root of roots) reading.read(root);
      }
      return reading;
    },
  };
}

interface Source {
  file: string;
  /** Where relative names of an Include are looked for. */
  folder: string;
}

interface Directive extends Setting {
  keyword: string;
  criteria?: Record<string, string | unknown[]>;
}

/** Keywords whose values add up instead of the first one winning. */
const repeatable = new Set(['identityfile']);

/** As deep as OpenSSH goes (readconf.c, READCONF_MAX_DEPTH). */
const DEEPEST_INCLUDE = 16;

interface ReadingOptions {
  host: string;
  user: string | undefined;
  home: string;
  directivesOf(file: string): Directive[];
  leftOut: Set<string>;
}

/** One look at the configuration, for one host. */
class Reading implements HostSettings {
  #options: ReadingOptions;
  #settings = new Map<string, Setting[]>();
  #finalPass = false;
  proxy: HostSettings['proxy'];
  wantsFinalPass = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  first(keyword: string): Setting | undefined {
    return this.#settings.get(keyword)?.[0];
  }

  every(keyword: string): Setting[] {
    return this.#settings.get(keyword) ?? [];
  }

  startFinalPass(): void {
    this.#finalPass = true;
  }

  /** @param within the files that include this one, outermost first */
  read(source: Source, within: string[] = []): void {
    let applies = true;
    for (const directive of this.#options.directivesOf(source.file)) {
      if (directive.keyword === 'host') {
        applies = matchesList(this.#originalHost(), directive.values);
      } else if (directive.keyword === 'match') {
        applies = this.#matches(directive);
      } else if (applies && directive.keyword === 'include') {
        this.#include(directive, source, within);
      } else if (applies) {
        this.#set(directive);
      }
    }
  }

  #set(directive: Directive): void {
    const { keyword, values, file, line } = directive;
    const setting = { values, file, line };
    if (keyword === 'proxyjump' || keyword === 'proxycommand') {
      this.proxy ??= { keyword, ...setting };
      return;
    }
    const already = this.#settings.get(keyword);
    if (!already) this.#settings.set(keyword, [setting]);
    else if (repeatable.has(keyword) && !already.some((other) => other.values[0] === values[0])) {
      already.push(setting);
    }
  }

  #include(directive: Directive, source: Source, within: string[]): void {
    const inside = [...within, source.file];
    if (inside.length > DEEPEST_INCLUDE) {
      throw configMalformed(directive, 'Its Include leads in a circle, or more than 16 files deep.');
    }
    for (const name of directive.values) {
      const expanded = expandHome(name, this.#options.home);
      const pattern = isAbsolute(expanded) ? expanded : join(source.folder, expanded);
      for (const file of globSync(pattern).sort()) this.read({ ...source, file }, inside);
    }
  }

  #matches({ criteria = {}, file, line }: Directive): boolean {
    let all = true;
    for (const [given, value] of Object.entries(criteria)) {
      const negated = given.startsWith('!');
      const fits = this.#criterion(given.replace(/^!/, '').toLowerCase(), value, { file, line });
      // What is not known here must not apply, negated or not.
      if (fits === undefined || fits === negated) all = false;
    }
    return all && Object.keys(criteria).length > 0;
  }

  #criterion(name: string, value: string | unknown[], { file, line }: Where): boolean | undefined {
    const patterns = typeof value === 'string' ? value.split(',') : [];
    switch (name) {
      case 'all':
        return true;
      case 'final':
        this.wantsFinalPass = true;
        return this.#finalPass;
      case 'canonical':
        return false;
      case 'host':
        return matchesList(this.#hostName(), patterns);
      case 'originalhost':
        return matchesList(this.#options.host, patterns);
      case 'user':
        return matchesList(this.#options.user ?? this.first('user')?.values[0] ?? localUser(), patterns);
      case 'localuser':
        return matchesList(localUser(), patterns);
      case 'exec':
        this.#options.leftOut.add(
          `Match exec of ${file}, line ${line}, is not run; what it guards is left out.`,
        );
        return undefined;
      default:
        this.#options.leftOut.add(`Match ${name} of ${file}, line ${line}, is not known; it is left out.`);
        return undefined;
    }
  }

  #originalHost(): string {
    return this.#finalPass ? this.#hostName() : this.#options.host;
  }

  #hostName(): string {
    return this.first('hostname')?.values[0]?.replaceAll('%h', this.#options.host) ?? this.#options.host;
  }
}

/** The directives of a file, in order; undefined when there is no such file. */
function readDirectives(file: string): Directive[] | undefined {
  let data: Buffer | undefined;
  try {
    data = readRegularFile(file);
  } catch (error) {
    if (error instanceof UnusableFile) throw configMalformed({ file }, `It ${error.message}.`);
    throw error;
  }
  if (!data) return undefined;
  if (data.includes(0)) throw configMalformed({ file }, 'It is not plain text.');
  const lines = data
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n');
  return lines.flatMap((text, index) => readLine(text.trim(), { file, line: index + 1 }));
}

/** Each line is parsed by itself, so that what is wrong can be said with its number. */
function readLine(text: string, where: Where): Directive[] {
  if (text === '' || text.startsWith('#')) return [];
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(text);
  } catch {
    throw configMalformed(where, 'A value is missing, or a quote is not closed.');
  }
  const [directive] = parsed;
  if (!directive || !('param' in directive)) return [];
  const keyword = directive.param.toLowerCase();
  const { value } = directive;
  const values = (Array.isArray(value) ? value.map(({ val }) => val) : [value]).filter((one) => one !== '');
  if (!/^[a-z][a-z0-9]*$/.test(keyword)) throw configMalformed(where, 'It does not begin with a keyword.');
  if (values.length === 0) throw configMalformed(where, `${directive.param} has no value.`);
  const criteria =
    'criteria' in directive ? (directive.criteria as NonNullable<Directive['criteria']>) : undefined;
  return [{ keyword, values, ...where, ...(criteria ? { criteria } : {}) }];
}
