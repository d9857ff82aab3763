import type { Conversation } from '../shared/contract/conversation.ts';
import type { Flag } from '../shared/contract/flag.ts';
import type { ConversationId, TeamId } from '../shared/contract/id.ts';
import type { Live } from '../shared/live/apply.ts';
import type { View } from './route.ts';

export const sorts = ['waiting', 'newest', 'oldest'] as const;
export type Sort = (typeof sorts)[number];

export interface RowFilter {
  readonly view: Exclude<View, 'closed'>;
  readonly teamId: TeamId | null;
  /** Found in the customer's name and the last line, without regard to case or accents. */
  readonly search: string;
  readonly onlyHelp: boolean;
  readonly onlyUnread: boolean;
  readonly sort: Sort;
}

type Seen = Pick<Live, 'conversations' | 'flags' | 'me'>;

/** Flags that are up, by conversation. */
export function flagsByConversation(live: Pick<Live, 'flags'>): ReadonlyMap<ConversationId, Flag> {
  return new Map([...live.flags.values()].map((flag) => [flag.conversationId, flag]));
}

/** Whether a conversation belongs to a view. */
export function inView(one: Conversation, view: Exclude<View, 'closed'>, live: Pick<Live, 'me'>): boolean {
  if (view === 'inbox') return one.assigneeId === live.me.personId;
  return view === 'all' || one.assigneeId === null;
}

/** The conversations of a view, filtered and sorted. */
export function rowsOf(live: Seen, filter: RowFilter): readonly Conversation[] {
  const flags = filter.onlyHelp ? flagsByConversation(live) : null;
  const words = fold(filter.search.trim());
  return [...live.conversations.values()]
    .filter(
      (one) =>
        inView(one, filter.view, live) &&
        (filter.teamId === null || one.teamId === filter.teamId) &&
        (flags === null || flags.has(one.id)) &&
        (!filter.onlyUnread || one.unread > 0) &&
        (words === '' || fold(`${one.customerName}\n${one.lastLine?.text ?? ''}`).includes(words)),
    )
    .sort(by[filter.sort]);
}

const activity = (one: Conversation): number => one.lastLine?.at ?? one.startedAt;
const tie = (a: Conversation, b: Conversation): number => (a.id < b.id ? -1 : 1);

const by: Readonly<Record<Sort, (a: Conversation, b: Conversation) => number>> = {
  // Whoever waits longest first; those who have their answer follow, the liveliest first.
  waiting: (a, b) =>
    (waitingSince(a) ?? Number.POSITIVE_INFINITY) - (waitingSince(b) ?? Number.POSITIVE_INFINITY) ||
    activity(b) - activity(a) ||
    tie(a, b),
  newest: (a, b) => activity(b) - activity(a) || tie(a, b),
  oldest: (a, b) => a.startedAt - b.startedAt || tie(a, b),
};

/** Since when the customer waits: for an answer, or for somebody at all; null when they do not. */
export function waitingSince(one: Conversation): number | null {
  return one.assigneeId === null ? (one.queuedAt ?? one.startedAt) : one.customerWaitsSince;
}

export interface ViewCounts {
  readonly inbox: number;
  readonly unassigned: number;
  readonly all: number;
  /** When the longest waiting unassigned conversation entered its queue. */
  readonly oldestUnassigned: { readonly id: ConversationId; readonly since: number } | null;
  /** Unread customer lines in one's own conversations, for the tab. */
  readonly unread: number;
}

/** Counts of the views, in one pass. */
export function viewCounts(live: Pick<Live, 'conversations' | 'me'>, teamId: TeamId | null): ViewCounts {
  let inbox = 0;
  let unassigned = 0;
  let all = 0;
  let unread = 0;
  let oldest: ViewCounts['oldestUnassigned'] = null;
  for (const one of live.conversations.values()) {
    const own = one.assigneeId === live.me.personId;
    if (own) unread += one.unread;
    if (teamId !== null && one.teamId !== teamId) continue;
    all += 1;
    if (own) inbox += 1;
    if (one.assigneeId !== null) continue;
    unassigned += 1;
    const since = one.queuedAt ?? one.startedAt;
    if (oldest === null || since < oldest.since) oldest = { id: one.id, since };
  }
  return { inbox, unassigned, all, oldestUnassigned: oldest, unread };
}

/** Lower case and without accents, so that "jose" finds "José". */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLocaleLowerCase();
}
