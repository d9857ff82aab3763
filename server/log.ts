/** The part of a pino logger that the hub's own code writes to. Fields hold ids and counts, never people's words or secrets. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
