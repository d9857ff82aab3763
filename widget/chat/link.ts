import type { CustomerRefusal } from '../../shared/contract/customer.ts';

/**
 * `connecting`: nothing came yet. `live`: complete to within a heartbeat. `reconnecting`: it was live and is not.
 * `refused`: the hub will not have this page, and says why.
 */
export type Link = 'connecting' | 'live' | 'reconnecting' | 'refused';

/** I10: the heartbeat comes once a second, and a silence of this length is said. */
export const silentAfterMs = 2500;
/** A connection that is silent for so long is dead, whatever the browser believes: it is made anew. */
export const deadAfterMs = 6000;

/** What is known of the connection. Instants are ms of a clock that only grows. */
export interface LinkFacts {
  readonly connected: boolean;
  /** The snapshot has come since the last connect. */
  readonly ready: boolean;
  readonly wasLive: boolean;
  readonly heardAt: number;
  readonly refusal: CustomerRefusal | null;
}

export const unlinked: LinkFacts = { connected: false, ready: false, wasLive: false, heardAt: 0, refusal: null };

export type LinkEvent =
  | { readonly type: 'connected' | 'snapshot' | 'alive'; readonly at: number }
  | { readonly type: 'lost' }
  | { readonly type: 'refused'; readonly refusal: CustomerRefusal };

export function linkFacts(facts: LinkFacts, event: LinkEvent): LinkFacts {
  switch (event.type) {
    case 'connected':
      return { ...facts, connected: true, ready: false, heardAt: event.at, refusal: null };
    case 'snapshot':
      return { ...facts, ready: true, wasLive: true, heardAt: event.at };
    case 'alive':
      return { ...facts, heardAt: event.at };
    case 'lost':
      return { ...facts, connected: false, ready: false };
    case 'refused':
      return { ...facts, connected: false, ready: false, refusal: event.refusal };
  }
}

export function linkAt(facts: LinkFacts, now: number): Link {
  if (facts.refusal !== null) return 'refused';
  if (facts.connected && facts.ready && now - facts.heardAt < silentAfterMs) return 'live';
  return facts.wasLive ? 'reconnecting' : 'connecting';
}

/** The transport still calls itself connected, but nothing came for so long that it should be made anew. */
export function isDead(facts: LinkFacts, now: number): boolean {
  return facts.connected && facts.refusal === null && now - facts.heardAt >= deadAfterMs;
}
