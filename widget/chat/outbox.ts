import type { CustomerAnswer, CustomerChannel, CustomerLine, CustomerRefusal } from '../../shared/contract/customer.ts';

/**
 * What the customer did and the hub has not yet answered, oldest first. One goes out at a time, so the order written is
 * the order read; each keeps the id it was made with, so that sending it again changes nothing (I5).
 */
export type Outbox = readonly Outgoing[];

export interface Outgoing {
  /** UUIDv7, made once; the hub's line carries the same id. */
  readonly id: string;
  readonly kind: 'start' | 'send' | 'close';
  /** Null until the chat it belongs to has begun. */
  readonly conversationId: string | null;
  readonly name: string;
  readonly text: string;
  /** What a chat is begun on with it. It goes with the line, which may go out again from another page. */
  readonly channel?: CustomerChannel | undefined;
  /** ms since 1970, this browser's clock. */
  readonly at: number;
  /** `sent`: answered; it stands here until its line arrives. */
  readonly state: 'waiting' | 'sent' | 'refused';
  /** It may have reached the hub: from here on the same id must carry the same words. */
  readonly tried: boolean;
  /** Answers in a row that asked to come again later. */
  readonly tries: number;
  readonly refusal: CustomerRefusal | null;
}

/** Refusals that are over by themselves: the same id goes out again. */
const passing: readonly string[] = ['try_again', 'outcome_unknown', 'rate_limited'];
/** After so many passing refusals in a row the customer is told. */
const mostTries = 12;

/** The next one to send, or null: an earlier one that was refused does not hold up the ones behind it. */
export function nextToSend(outbox: Outbox): Outgoing | null {
  const waiting = outbox.find((item) => item.state === 'waiting');
  return waiting === undefined || (waiting.kind !== 'start' && waiting.conversationId === null) ? null : waiting;
}

export function withTried(outbox: Outbox, id: string): Outbox {
  return outbox.map((item) => (item.id === id ? { ...item, tried: true } : item));
}

/** An answer has come for `id`. Lines written while the chat was beginning learn which chat it is. */
export function withAnswer(outbox: Outbox, id: string, answer: CustomerAnswer): Outbox {
  const of = outbox.find((item) => item.id === id);
  if (of === undefined) return outbox;
  if (!answer.ok) {
    const again = passing.includes(answer.refusal.code) && of.tries + 1 < mostTries;
    // A chat that could not be ended goes on: there is no line to show for it.
    if (!again && of.kind === 'close') return outbox.filter((item) => item.id !== id);
    return outbox.map((item) => {
      if (item.id !== id) return item;
      return again
        ? { ...item, tries: item.tries + 1 }
        : { ...item, state: 'refused', tries: 0, refusal: answer.refusal };
    });
  }
  const begun = of.kind === 'start' ? (answer.value?.conversationId ?? null) : null;
  return outbox
    .filter((item) => item.id !== id || item.kind !== 'close')
    .map((item) => {
      if (item.id === id) return { ...item, state: 'sent', tries: 0, conversationId: begun ?? item.conversationId };
      return begun !== null && item.conversationId === null ? { ...item, conversationId: begun } : item;
    });
}

/** The open chat is known: what was written before it had an id belongs to it, unless a first line still waits. */
export function withConversation(outbox: Outbox, conversationId: string): Outbox {
  if (outbox.some((item) => item.kind === 'start' && item.state !== 'sent')) return outbox;
  if (outbox.every((item) => item.conversationId !== null)) return outbox;
  return outbox.map((item) => (item.conversationId === null ? { ...item, conversationId } : item));
}

/** Lines have arrived: what carries their ids has done its work. */
export function withoutArrived(outbox: Outbox, lines: readonly CustomerLine[]): Outbox {
  const there = new Set(lines.map((line) => line.id));
  return outbox.some((item) => there.has(item.id)) ? outbox.filter((item) => !there.has(item.id)) : outbox;
}

/**
 * A refused one goes out again, under a new id, since the hub keeps its answer to the old one.
 * @param conversationId the chat that is open now; null begins a new one with these words
 * @param name of the customer, for a chat that begins
 */
export function withAgain(
  outbox: Outbox,
  id: string,
  newId: string,
  conversationId: string | null,
  name: string,
): Outbox {
  const of = outbox.find((item) => item.id === id);
  if (of === undefined || of.state !== 'refused') return outbox;
  const beginning = outbox.some((item) => item.kind === 'start' && item.id !== id && item.state !== 'refused');
  const again: Outgoing = {
    ...of,
    id: newId,
    kind: conversationId === null && !beginning ? 'start' : 'send',
    conversationId,
    name: of.name === '' ? name : of.name,
    state: 'waiting',
    tried: false,
    tries: 0,
    refusal: null,
  };
  // A first line goes before what was written after it; any other goes to the end, where it is said now.
  return of.kind === 'start'
    ? outbox.map((item) => (item.id === id ? again : item))
    : [...outbox.filter((item) => item.id !== id), again];
}

/** A refused one is taken back. If it was to begin the chat, the next line begins it. */
export function withoutRefused(outbox: Outbox, id: string): Outbox {
  const of = outbox.find((item) => item.id === id);
  if (of === undefined || of.state !== 'refused') return outbox;
  const rest = outbox.filter((item) => item.id !== id);
  if (of.kind !== 'start') return rest;
  const heir = rest.find((item) => item.kind === 'send' && item.conversationId === null && !item.tried);
  return rest.map((item) => (item === heir ? { ...item, kind: 'start' } : item));
}

/** What a reload must not lose, as text for the tab's storage. */
export function written(outbox: Outbox): string {
  return JSON.stringify(outbox.filter((item) => item.state !== 'sent'));
}

/** Reads what `written` wrote; anything else gives an empty outbox. */
export function read(text: string | null): Outbox {
  if (text === null) return [];
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isOutgoing) : [];
  } catch {
    return [];
  }
}

function isOutgoing(item: unknown): item is Outgoing {
  if (typeof item !== 'object' || item === null) return false;
  const { id, kind, name, text, at, state, conversationId } = item as Partial<Record<keyof Outgoing, unknown>>;
  return (
    typeof id === 'string' &&
    (kind === 'start' || kind === 'send' || kind === 'close') &&
    typeof name === 'string' &&
    typeof text === 'string' &&
    typeof at === 'number' &&
    (state === 'waiting' || state === 'refused') &&
    (conversationId === null || typeof conversationId === 'string')
  );
}
