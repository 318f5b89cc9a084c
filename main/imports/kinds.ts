import type { ImportKind } from '../../preload/contract/imports.ts';
import { howdahFormat } from './howdah.ts';
import type { TextFile } from './source.ts';

/** What a kind of file is called. */
export const kindInWords: Record<ImportKind, string> = {
  env: 'a .env file',
  compose: 'a Compose file',
  service: 'a connection service file',
  pgpass: 'a password file',
  dbeaver: 'DBeaver’s data-sources.json',
  pgadmin: 'pgAdmin’s servers',
  dbgate: 'DbGate’s connections.jsonl',
  howdah: 'an export of Howdah',
};

/** What kind of file this is, by its content where that tells, else by its name; undefined when neither does. */
export function kindOf(file: Pick<TextFile, 'name' | 'text'>): ImportKind | undefined {
  return ofJson(file.text) ?? ofName(file.name.toLowerCase()) ?? ofText(file.text);
}

function ofName(name: string): ImportKind | undefined {
  if (/^\.?env(?:rc)?(?:[.-].*)?$|\.env$/.test(name)) return 'env';
  if (/^(?:docker-)?compose(?:[.-].*)?\.ya?ml$/.test(name)) return 'compose';
  if (/^\.?pg_service\.conf$/.test(name)) return 'service';
  if (/^\.?pgpass(?:\.conf)?$/.test(name)) return 'pgpass';
  if (/^data-sources.*\.json$/.test(name)) return 'dbeaver';
  if (/^connections.*\.jsonl$/.test(name)) return 'dbgate';
  if (name === 'servers.json') return 'pgadmin';
  return undefined;
}

function ofJson(text: string): ImportKind | undefined {
  const start = text.trimStart();
  if (!start.startsWith('{')) return undefined;
  // Whole lines of JSON are DbGate's; what it is else stands among the outermost fields.
  const firstLine = start.split('\n', 1)[0] ?? '';
  if (/"engine"\s*:\s*"[\w-]+@dbgate-/.test(firstLine)) return 'dbgate';
  if (new RegExp(`"format"\\s*:\\s*"${howdahFormat}"`).test(start.slice(0, 2000))) return 'howdah';
  if (/"Servers"\s*:\s*\{/.test(start)) return 'pgadmin';
  if (/"connections"\s*:\s*\{/.test(start)) return 'dbeaver';
  return undefined;
}

/** By the first lines that say something. */
function ofText(text: string): ImportKind | undefined {
  const lines = text
    .slice(0, 200_000)
    .split('\n')
    .filter((line) => !/^\s*(?:#|$)/.test(line));
  const first = lines[0] ?? '';
  if (first.trimStart().startsWith('{')) return undefined;
  if (lines.some((line) => /^services:\s*(?:#.*)?$/.test(line))) return 'compose';
  if (/^\s*\[[^\]]+\]\s*$/.test(first)) return 'service';
  if (/^(?:[^:\\\s=]|\\.){1,300}:(?:\d{1,5}|\*):(?:[^:\\]|\\.){1,300}:(?:[^:\\]|\\.){1,300}:/.test(first))
    return 'pgpass';
  if (lines.slice(0, 50).some((line) => /^\s*(?:export\s+)?[A-Za-z_][\w.-]{0,199}\s*=/.test(line)))
    return 'env';
  return undefined;
}
