import { openParser, type ParseStatement } from '../../../sql-text/index.ts';

let opened: Promise<ParseStatement> | undefined;

/** The server's own parser, loaded when it is first needed. */
export function parser(): Promise<ParseStatement> {
  opened ??= openParser();
  return opened;
}
