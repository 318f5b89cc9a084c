import type { FolderView } from '../tool.ts';
import { textOrNothing } from '../tools/shared/content.ts';
import { joined } from '../tools/shared/find-folders.ts';

/** Where a project calls golang-migrate with `x-multi-statement`. */
export interface MultiStatement {
  file: string;
  /** From 1. */
  line: number;
}

/** Files in which projects keep the address that they call golang-migrate with. */
const CALLERS =
  /^(\.env(\..+)?|(gnu)?makefile|.+\.mk|justfile|taskfile\.ya?ml|(docker-)?compose(\..+)?\.ya?ml|dockerfile(\..+)?|procfile|package\.json|.+\.sh)$/i;
/** In these folders of the project, the project's own among them. */
const folders = ['', 'scripts', 'bin', 'db', 'deploy', 'docker'];
/** `strconv.ParseBool` of Go. */
const ON = /\bx-multi-statement=(1|t|T|TRUE|true|True)\b/;

/**
 * `x-multi-statement` stands in the URL that golang-migrate is called with, which the database does not know: it is
 * looked for where projects call the tool. Undefined: the tool's default, off.
 */
export async function findMultiStatement(view: FolderView): Promise<MultiStatement | undefined> {
  for (const folder of folders) {
    for (const { name, kind } of await view.list(folder)) {
      if (kind !== 'file' || !CALLERS.test(name)) continue;
      const file = joined(folder, name);
      const lines = (await textOrNothing(view, file)).split('\n');
      const line = lines.findIndex((one) => !/^\s*#/.test(one) && ON.test(one));
      if (line >= 0) return { file, line: line + 1 };
    }
  }
  return undefined;
}

export const multiStatementWords = ({ file, line }: MultiStatement): string =>
  `${file}, line ${line}, calls golang-migrate with x-multi-statement: each file is sent in pieces, cut at every semicolon wherever it stands, and without a transaction around them.`;
