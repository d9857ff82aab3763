import { createHmac } from 'node:crypto';
import type { CustomerId } from '../../shared/contract/id.ts';

/**
 * A simulated customer's id is a UUIDv7 that says so itself: after the milliseconds, 12 bits name the dialogue, and the last
 * 32 are a code under the installation's secret. So a simulator that takes over knows its customers from people's, and what
 * they were going to say, without anything being stored for it.
 */
export interface Mark {
  /** At most 4095. */
  readonly dialogue: number;
}

/** As many dialogues can be named. */
export const mostDialogues = 4096;

function code(secret: Buffer, rest: string): string {
  return createHmac('sha256', secret).update(`simulated customer ${rest}`).digest('hex').slice(0, 8);
}

const hex = (value: number, digits: number): string => Math.floor(value).toString(16).padStart(digits, '0');

/**
 * Makes the id of a simulated customer.
 * @param now ms since 1970
 * @param random gives numbers from 0 up to, and without, 1
 */
export function markedCustomer(secret: Buffer, { dialogue }: Mark, now: number, random: () => number): CustomerId {
  const time = hex(now, 12);
  const rest = `${time.slice(0, 8)}-${time.slice(8)}-7${hex(dialogue, 3)}-8${hex(random() * 0x1000, 3)}-${hex(random() * 0x10000, 4)}`;
  // The one place where such a text becomes an id: its form is right by construction.
  return `${rest}${code(secret, rest)}` as CustomerId;
}

/** What the id of a simulated customer says; null for everybody else's. */
export function readMark(secret: Buffer, customerId: string): Mark | null {
  const rest = customerId.slice(0, 28);
  if (customerId !== `${rest}${code(secret, rest)}`) return null;
  return { dialogue: Number.parseInt(customerId.slice(15, 18), 16) };
}
