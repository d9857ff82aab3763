import type { PendingLine } from '../../client/transcript.svelte.ts';
import type { Event, EventOf } from '../../contract/event.ts';
import type { SessionId } from '../../contract/id.ts';
import type { DeliveryView } from './delivery.ts';
import { deliveries } from './delivery.ts';
import type { EventWords, Naming } from './event-words.ts';
import { eventWords, standsInTranscript } from './event-words.ts';
import { personName } from './people.ts';

/** One row of a transcript as it is shown. `key` stays the same while a pending line becomes a sent one. */
export type TranscriptItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'event'; readonly key: string; readonly at: number; readonly words: EventWords }
  | {
      readonly kind: 'line';
      readonly key: string;
      readonly at: number;
      readonly from: 'customer' | 'agent' | 'supervisor';
      readonly by: string;
      readonly text: string;
      /** Follows a line of the same person closely: the name is not said again. */
      readonly continued: boolean;
      readonly pending: PendingLine | null;
      /** How far it has come, where lines travel through an adapter. */
      readonly delivery: DeliveryView | null;
    }
  | {
      readonly kind: 'side-fold';
      readonly key: string;
      readonly at: number;
      readonly sessionId: SessionId;
      readonly lines: number;
      /** Who spoke there besides the reader. */
      readonly who: readonly string[];
    }
  | {
      readonly kind: 'side';
      readonly key: string;
      readonly at: number;
      readonly by: string;
      readonly text: string;
      readonly own: boolean;
    };

export interface LineOptions extends Naming {
  /** The reader: own lines are not named in the fold. */
  readonly meId: string;
  /** The role under which the reader's own waiting lines stand. */
  readonly as: 'agent' | 'supervisor';
  /** `fold`: one row per side chat at its first line. `lines`: every line where it was said. */
  readonly side: 'fold' | 'lines';
}

/** Lines of one person within this time read as one turn, ms. */
const turnMs = 5 * 60_000;

/**
 * The rows of a transcript, oldest first: lines, side chats, the events between them, a divider where a new local day
 * begins, and last the reader's own lines that wait for their answer.
 */
export function transcriptItems(
  events: readonly Event[],
  pending: readonly PendingLine[],
  options: LineOptions,
): readonly TranscriptItem[] {
  const items: TranscriptItem[] = [];
  const folds = new Map<SessionId, { at: number; lines: number; who: Set<string> }>();
  for (const event of events) {
    if (event.type !== 'side-chat:said') continue;
    const fold = folds.get(event.sessionId) ?? { at: items.length, lines: 0, who: new Set<string>() };
    fold.lines += 1;
    if (event.personId !== options.meId) fold.who.add(personName(options.live, event.personId));
    folds.set(event.sessionId, fold);
  }

  const ways = deliveries(events);
  const arrived = new Set<string>();
  const folded = new Set<SessionId>();
  let day = '';
  let last: { by: string; at: number } | null = null;
  const newDay = (at: number): void => {
    const own = dayKey(at);
    if (own !== day) {
      items.push({ kind: 'day', key: `day ${own}`, at });
      last = null;
    }
    day = own;
  };

  for (const event of events) {
    if (event.type === 'message:sent') {
      newDay(event.at);
      arrived.add(event.entryId);
      const by = event.author === 'customer' ? options.customerName : personName(options.live, event.personId);
      const speaker = `${event.author} ${event.personId ?? ''}`;
      items.push({
        kind: 'line',
        key: event.entryId,
        at: event.at,
        from: event.author,
        by,
        text: event.text,
        continued: follows(last, speaker, event.at),
        pending: null,
        delivery: ways.get(event.entryId) ?? null,
      });
      last = { by: speaker, at: event.at };
    } else if (event.type === 'side-chat:said') {
      arrived.add(event.entryId);
      if (options.side === 'lines') {
        newDay(event.at);
        items.push({
          kind: 'side',
          key: event.entryId,
          at: event.at,
          by: personName(options.live, event.personId),
          text: event.text,
          own: event.personId === options.meId,
        });
        last = null;
      } else if (!folded.has(event.sessionId)) {
        newDay(event.at);
        folded.add(event.sessionId);
        const fold = folds.get(event.sessionId);
        items.push({
          kind: 'side-fold',
          key: `side ${event.sessionId}`,
          at: event.at,
          sessionId: event.sessionId,
          lines: fold?.lines ?? 0,
          who: [...(fold?.who ?? [])],
        });
        last = null;
      }
    } else if (standsInTranscript(event)) {
      const words = eventWords(event, options);
      if (words === null) continue;
      newDay(event.at);
      items.push({ kind: 'event', key: `event ${event.position}`, at: event.at, words });
      last = null;
    }
  }

  for (const line of pending) {
    if (line.kind !== 'message' || arrived.has(line.id)) continue;
    newDay(line.at);
    const speaker = `${options.as} ${options.meId}`;
    items.push({
      kind: 'line',
      key: line.id,
      at: line.at,
      from: options.as,
      by: personNameById(options, options.meId),
      text: line.text,
      continued: follows(last, speaker, line.at),
      pending: line,
      delivery: null,
    });
    last = { by: speaker, at: line.at };
  }
  return items;
}

interface NamingPeople {
  readonly live: Pick<LineOptions['live'], 'people'>;
}

/** One row of a docked side chat. */
export interface SideItem {
  readonly key: string;
  readonly at: number;
  readonly by: string;
  readonly text: string;
  readonly own: boolean;
  readonly pending: PendingLine | null;
}

/** The lines of one session's side chat, oldest first, and the reader's own that wait. */
export function sideItems(
  events: readonly Event[],
  pending: readonly PendingLine[],
  sessionId: SessionId,
  options: NamingPeople & Pick<LineOptions, 'meId'>,
): readonly SideItem[] {
  const said = events.filter(
    (event): event is EventOf<'side-chat:said'> => event.type === 'side-chat:said' && event.sessionId === sessionId,
  );
  const arrived = new Set<string>(said.map((event) => event.entryId));
  return [
    ...said.map((event) => ({
      key: event.entryId,
      at: event.at,
      by: personName(options.live, event.personId),
      text: event.text,
      own: event.personId === options.meId,
      pending: null,
    })),
    ...pending
      .filter((line) => line.kind === 'side-chat' && line.sessionId === sessionId && !arrived.has(line.id))
      .map((line) => ({
        key: line.id,
        at: line.at,
        by: personNameById(options, options.meId),
        text: line.text,
        own: true,
        pending: line,
      })),
  ];
}

function personNameById(options: NamingPeople, id: string): string {
  for (const one of options.live.people.values()) if (one.id === id) return one.name;
  return '';
}

function follows(last: { by: string; at: number } | null, by: string, at: number): boolean {
  return last !== null && last.by === by && at - last.at < turnMs;
}

/** Local calendar day, as a key. */
function dayKey(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
