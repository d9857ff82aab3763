import { createHash } from 'node:crypto';
import type { Statement as Sent } from '../db/pipeline.ts';
import type { Statement } from './room.ts';

const names = new Map<string, string>();

/** Gives a statement the name under which each connection prepares it once. */
export function named({ text, values }: Statement): Sent {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return { name, text, values: [...values] };
}
