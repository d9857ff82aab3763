import type { Id } from '../../shared/contract/id.ts';

/** An id that follows from a hash: the same for the same thing, wherever and how often it is made. RFC 9562, version 8. */
export function derivedId<K extends string>(hash: Buffer): Id<K> {
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Id<K>;
}
