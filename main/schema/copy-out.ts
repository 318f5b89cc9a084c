import type pg from 'pg';

/** How many bytes of rows are handed on at once. */
const pieceBytes = 128 * 1024;

/** What `pg` calls on a query of one's own. */
interface Submitted {
  submit(connection: { query(text: string): void }): void;
  handleCopyData(message: { chunk: Uint8Array }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

/**
 * Runs statements `COPY … TO STDOUT` in one round trip and hands their output on in pieces of whole rows. Nothing is
 * taken apart in this thread: that is what makes it cheap here.
 *
 * @param onPiece gets the statement's place among `statements`; the bytes are the receiver's
 * @param onEnd called after the last piece of each statement
 * @throws the server's error
 */
export function copyOut(
  client: pg.Client,
  statements: readonly string[],
  onPiece: (statement: number, bytes: Uint8Array<ArrayBuffer>) => void,
  onEnd: (statement: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let statement = 0;
    let piece = new Uint8Array(pieceBytes);
    let filled = 0;
    const flush = (): void => {
      if (filled === 0) return;
      onPiece(statement, filled === piece.length ? piece : piece.slice(0, filled));
      piece = new Uint8Array(pieceBytes);
      filled = 0;
    };
    const query: Submitted & Record<string, unknown> = {
      submit: (connection) => connection.query(statements.join(';\n')),
      handleCopyData: ({ chunk }) => {
        if (filled + chunk.length > piece.length) {
          flush();
          if (chunk.length > piece.length) piece = new Uint8Array(chunk.length);
        }
        piece.set(chunk, filled);
        filled += chunk.length;
      },
      handleCommandComplete: () => {
        flush();
        onEnd(statement);
        statement += 1;
      },
      handleReadyForQuery: () => resolve(),
      handleError: reject,
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleEmptyQuery: () => undefined,
      handlePortalSuspended: () => undefined,
      handleCopyInResponse: () => undefined,
    };
    client.query(query as never);
  });
}
