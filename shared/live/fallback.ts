import type { Fallback } from '../contract/organisation.ts';
import type { AutoFallback } from '../contract/wire.ts';
import type { Live } from './apply.ts';

/** Why no flag can be raised just now: an admin's switch, or what the hub finds by itself. */
export type NoFlags = (Fallback & { readonly why: 'switched' }) | AutoFallback;

/**
 * Whether fallback mode stands, and by what (S1.6). The switch comes first: it does not end by itself.
 * @returns null while flags can be raised
 */
export function noFlags(live: Pick<Live, 'organisation'> | null, automatic: AutoFallback | null): NoFlags | null {
  const switched = live?.organisation.fallback ?? null;
  return switched === null ? automatic : { ...switched, why: 'switched' };
}
