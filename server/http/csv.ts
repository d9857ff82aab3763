/** Cells of a CSV after RFC 4180, as spreadsheets open it: UTF-8 with a byte order mark, CRLF, quotes where they are needed. */
export const byteOrderMark = '\uFEFF';

/**
 * Signs with which a spreadsheet would take a cell for a formula, or skip to one: `=`, `+`, `-`, `@` and their full-width forms,
 * tab, carriage return and line feed (OWASP, CSV injection). What begins so gets an apostrophe before it.
 */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

const needsQuotes = /[",\r\n]|^\s|\s$/;

/** One cell. Null is an empty one. */
export function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record with its line end. */
export function record(values: readonly (string | number | null)[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** An instant in ISO 8601, UTC, to the millisecond. */
export const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A length in seconds, to the millisecond. */
export const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
