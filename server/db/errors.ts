/**
 * A database that the hub cannot start on. The message is a whole sentence for the person who starts the hub; `mend` is the
 * SQL that repairs it, where there is one.
 */
export class DatabaseSetupError extends Error {
  readonly mend: string | null;

  constructor(sentence: string, mend: string | null = null, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'DatabaseSetupError';
    this.mend = mend;
  }
}

function field(error: unknown, name: string): string | null {
  if (typeof error !== 'object' || error === null || !(name in error)) return null;
  const value = Reflect.get(error, name);
  return typeof value === 'string' ? value : null;
}

/** The five-character SQLSTATE of a PostgreSQL error (or of its cause), or null. PostgreSQL manual, appendix A. */
export function sqlState(error: unknown): string | null {
  for (let at = error, depth = 0; at && depth < 5; at = Reflect.get(Object(at), 'cause'), depth += 1) {
    const code = field(at, 'code');
    // Node's own codes (EPIPE) can have five letters too, but only PostgreSQL's errors carry a severity.
    if (code && /^[0-9A-Z]{5}$/.test(code) && field(at, 'severity') !== null) return code;
  }
  return null;
}

const lostStates = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25P04']);
const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);
/** What pg 8 and pg-pool 3 say without a code of their own. */
const lostMessages =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after calling end)/;

/**
 * Whether the connection is gone (or could not be made), as opposed to a statement that was refused. After a lost `commit`
 * the outcome is unknown.
 */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionLost);
  const state = sqlState(error);
  if (state) return state.startsWith('08') || lostStates.has(state);
  const code = field(error, 'code');
  if (code && lostCodes.has(code)) return true;
  return error instanceof Error && lostMessages.test(error.message);
}

/** Whether the database takes no writes just now: read-only by a setting, or a copy that follows another. */
export const isReadOnly = (error: unknown): boolean => sqlState(error) === '25006';

const retryableStates = new Set(['40001', '40P01', '55P03', '53300']);

/** Whether the transaction surely did not commit and may well succeed when it is run again from its start. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && retryableStates.has(state);
}
