import type { Programs, ProgramWay } from '../types.ts';

/**
 * The whole environment of one of PostgreSQL's programs: this process's, without what may lead it to another server or
 * change its words; messages in English, names as the system writes them.
 */
export function programEnvironment(
  way: ProgramWay | null,
  kind: Programs['about']['kind'],
): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|HOWDAH_|LC_ALL$|LANGUAGE$)/i.test(name));
  // LC_ALL goes before LC_MESSAGES, and it is what says how letters are written.
  const letters = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG;
  return {
    ...Object.fromEntries(kept),
    ...(letters ? { LC_CTYPE: letters } : {}),
    LC_MESSAGES: 'C',
    ...(way ? variablesAt(way, kind) : {}),
  };
}

/** Of a way's variables, those that mean something where the programs are: elsewhere there is no file of ours. */
export function variablesAt(way: ProgramWay, kind: Programs['about']['kind']): Record<string, string> {
  if (kind === 'local') return way.variables;
  const { PGPASSFILE, PGSERVICEFILE, PGSERVICE, ...others } = way.variables;
  const [password] = way.secrets;
  return { ...others, ...(password === undefined ? {} : { PGPASSWORD: password }) };
}
