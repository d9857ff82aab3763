import type { Duplex } from 'node:stream';
import pg from 'pg';

/** One statement for `sendAll`. With a name it is prepared once per connection; a name belongs to one text for ever. */
export interface Statement {
  text: string;
  values?: unknown[];
  name?: string;
}

export const begin: Statement = { text: 'begin' };
export const commit: Statement = { text: 'commit' };
export const rollback: Statement = { text: 'rollback' };

/** The transaction that was to be committed had failed before, so the server rolled it back. */
export class RolledBackError extends Error {
  constructor() {
    super('the transaction was rolled back');
    this.name = 'RolledBackError';
  }
}

/**
 * Sends statements on one client without waiting in between, and gives their results when all have been answered.
 *
 * As the last of them, `commit` is safe: it is not sent when a statement before it could not be written, and where it
 * answers ROLLBACK this throws. After an error the client may be inside a failed transaction: send `rollback`, or release
 * it with the error.
 * @param client a client in pipeline mode; on any other one this is correct but slower
 * @throws the first error, in the order of the statements. `isConnectionLost` of it, where `commit` was among the statements,
 *   means that the outcome is unknown
 */
export async function sendAll(client: pg.ClientBase, statements: readonly Statement[]): Promise<pg.QueryResult[]> {
  let unsent: Error | null = null;
  const answers: Promise<pg.QueryResult>[] = [];
  // One write for all of them: a write each would cost a system call, and wake the server, for every statement.
  const stream = streamOf(client);
  stream?.cork();
  try {
    for (const { name, text, values } of statements) {
      answers.push(
        new Promise((resolve, reject) => {
          const config = { text, ...(values && { values }), ...(name !== undefined && { name }) };
          let sending = true;
          void client.query(config, (error: Error | null, result: pg.QueryResult) => {
            // pg reports values that it cannot write at once, and leaves the statement out without telling the server.
            if (error && sending) unsent = error;
            if (error) reject(error);
            else resolve(result);
          });
          sending = false;
        }),
      );
      if (unsent) break;
    }
  } finally {
    stream?.uncork();
  }
  const settled = await Promise.allSettled(answers);
  const results = settled.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
  const last = statements.at(-1)?.text;
  if (last === commit.text && results.at(-1)?.command === 'ROLLBACK') throw new RolledBackError();
  return results;
}

/** What the client writes to. A pool's client has it, though its type does not say so. */
function streamOf(client: pg.ClientBase): Duplex | null {
  const connection: unknown = 'connection' in client ? client.connection : null;
  return connection instanceof pg.Connection ? connection.stream : null;
}
