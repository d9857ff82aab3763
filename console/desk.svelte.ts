import type { Floor } from '../shared/client/floor.svelte.ts';
import type { Conversation } from '../shared/contract/conversation.ts';
import type { Event } from '../shared/contract/event.ts';
import type { Flag } from '../shared/contract/flag.ts';
import type { ConversationId, SessionId, TeamId } from '../shared/contract/id.ts';
import { isId } from '../shared/contract/id.ts';
import type { Session } from '../shared/contract/session.ts';
import type { Live } from '../shared/live/apply.ts';
import { conversationOf, evolveConversation } from '../shared/live/conversation.ts';
import { type NoFlags, noFlags } from '../shared/live/fallback.ts';
import { History } from './history.svelte.ts';
import { settle } from './order.ts';
import { recall, remember } from './remember.ts';
import type { Route, View } from './route.ts';
import { formatRoute, parseRoute } from './route.ts';
import type { Sort, ViewCounts } from './rows.ts';
import { flagsByConversation, rowsOf, sorts, viewCounts } from './rows.ts';

/** The public side of a floor: a specimen can stand in for it. */
export type DeskFloor = Pick<Floor, keyof Floor>;

/** What is laid over the desk and waits for an answer. */
export type Asking = 'raise' | 'amend' | 'lower' | 'transfer' | 'close';
/** What stands beside the transcript. */
export type Beside = 'side' | 'customer' | 'activity';

/** One row of the list. `gone`: it left the view while a pointer was over the list, and keeps its place until that ends. */
export interface Row {
  readonly id: ConversationId;
  readonly conversation: Conversation;
  readonly gone: boolean;
}

/** The parts of the address bar that the desk uses; a test brings its own. */
export interface Place {
  hash(): string;
  go(hash: string, replace: boolean): void;
  /** Answers the function that stops it. */
  onChange(tell: () => void): () => void;
}

export const browserPlace: Place = {
  hash: () => location.hash,
  go(hash, replace) {
    if (replace) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
  },
  onChange(tell) {
    addEventListener('hashchange', tell);
    addEventListener('popstate', tell);
    return () => {
      removeEventListener('hashchange', tell);
      removeEventListener('popstate', tell);
    };
  },
};

const noCounts: ViewCounts = { inbox: 0, unassigned: 0, all: 0, oldestUnassigned: null, unread: 0 };

/** What this person looks at: the view and its filter, the cursor, the open conversation, and what is asked of them. */
export class Desk {
  readonly floor: DeskFloor;
  readonly closed: History;
  readonly #place: Place;
  readonly #home: View;
  readonly #stops: (() => void)[];
  #route = $state.raw<Route>({ page: 'desk', view: 'inbox', conversationId: null });
  #team = $state.raw<TeamId | null>(null);
  #sort = $state.raw<Sort>('waiting');
  /** The open conversation as last known: it may have left the live set, by being closed or out of sight. */
  #known = $state.raw<Conversation | null>(null);
  #order: readonly ConversationId[] = [];
  #scope = '';
  #seen = new Map<ConversationId, Conversation>();

  search = $state('');
  onlyHelp = $state(false);
  onlyUnread = $state(false);
  /** A pointer is over the list. */
  held = $state.raw(false);
  cursor = $state.raw<ConversationId | null>(null);
  asking = $state.raw<Asking | null>(null);
  #beside = $state.raw<Beside | null>(null);
  /** On a phone: the conversation itself, or what stands beside it. */
  part = $state.raw<'talk' | Beside>('talk');
  /** The side chat to show when it is not the live session's: an earlier one was opened from the transcript. */
  sideSession = $state.raw<SessionId | null>(null);

  /** @param home the view for an address that names none */
  constructor(floor: DeskFloor, home: View, place: Place = browserPlace) {
    this.floor = floor;
    this.closed = new History(null);
    this.#home = home;
    this.#place = place;
    const team = recall('team');
    this.#team = team !== null && isId<'team'>(team) ? team : null;
    const sort = recall('sort');
    this.#sort = sorts.find((one) => one === sort) ?? 'waiting';
    this.#read();
    this.#stops = [place.onChange(() => this.#read()), floor.onEvents((events) => this.#follow(events))];
  }

  get live(): Live | null {
    return this.floor.live;
  }
  get route(): Route {
    return this.#route;
  }
  get view(): View {
    return this.#route.page === 'desk' ? this.#route.view : this.#home;
  }
  get openId(): ConversationId | null {
    return this.#route.page === 'desk' ? this.#route.conversationId : null;
  }
  get teamId(): TeamId | null {
    return this.#team;
  }
  set teamId(id: TeamId | null) {
    this.#team = id;
    remember('team', id);
  }
  get sort(): Sort {
    return this.#sort;
  }
  set sort(sort: Sort) {
    this.#sort = sort;
    remember('sort', sort);
  }

  readonly counts: ViewCounts = $derived.by(() => (this.live === null ? noCounts : viewCounts(this.live, this.#team)));

  readonly flags: ReadonlyMap<ConversationId, Flag> = $derived.by(() =>
    this.live === null ? new Map() : flagsByConversation(this.live),
  );

  get filtered(): boolean {
    return this.search.trim() !== '' || this.onlyHelp || this.onlyUnread;
  }

  readonly rows: readonly Row[] = $derived.by(() => {
    const { live, view } = this;
    if (live === null) return [];
    if (view === 'closed')
      return this.closed.conversations.map((one) => ({ id: one.id, conversation: one, gone: false }));
    const wanted = rowsOf(live, {
      view,
      teamId: this.#team,
      search: this.search,
      onlyHelp: this.onlyHelp,
      onlyUnread: this.onlyUnread,
      sort: this.#sort,
    });
    // Another view or filter is another list: only within one does a row keep its place.
    const scope = [view, this.#team, this.search, this.onlyHelp, this.onlyUnread, this.#sort].join('\n');
    const held = this.held && scope === this.#scope;
    const now = new Map(wanted.map((one) => [one.id, one]));
    this.#scope = scope;
    this.#order = settle(
      this.#order,
      wanted.map((one) => one.id),
      held,
    );
    const rows: Row[] = [];
    for (const id of this.#order) {
      const conversation = now.get(id) ?? this.#seen.get(id);
      if (conversation !== undefined) rows.push({ id, conversation, gone: !now.has(id) });
    }
    this.#seen = new Map(rows.map((row) => [row.id, row.conversation]));
    return rows;
  });

  /** The open conversation: live, or as it was last known. */
  readonly open: Conversation | null = $derived.by(() => {
    const { openId, live } = this;
    if (openId === null) return null;
    const found = live?.conversations.get(openId) ?? this.closed.conversations.find((one) => one.id === openId);
    return found ?? (this.#known?.id === openId ? this.#known : null);
  });

  /** It is open by the last word heard, and yet no longer among what this person may see. */
  readonly lost: boolean = $derived.by(() => {
    const { open, openId, live } = this;
    return openId !== null && live !== null && open?.lifecycle === 'open' && !live.conversations.has(openId);
  });

  readonly session: Session | null = $derived.by(() => {
    const id = this.open?.sessionId;
    return (id == null ? null : this.live?.sessions.get(id)) ?? null;
  });

  readonly flag: Flag | null = $derived.by(() => (this.openId === null ? null : (this.flags.get(this.openId) ?? null)));

  /** Why no flag can be raised just now; null: one can. */
  readonly noFlags: NoFlags | null = $derived.by(() => noFlags(this.live, this.floor.autoFallback));

  /** Offers to this person that wait for an answer. */
  readonly offers: readonly Conversation[] = $derived.by(() => {
    const { live } = this;
    if (live === null) return [];
    return [...live.conversations.values()].filter((one) => one.offer?.personId === live.me.personId);
  });

  /** What stands beside the transcript: as chosen, else the side chat while there is something private to say or read. */
  get beside(): Beside {
    if (this.#beside !== null) return this.#beside;
    return this.flag !== null || (this.session?.sideLines ?? 0) > 0 ? 'side' : 'customer';
  }
  set beside(beside: Beside) {
    this.#beside = beside;
  }

  get mine(): boolean {
    return this.open !== null && this.open.assigneeId === this.live?.me.personId;
  }

  /** A conversation that is not in the live set was rebuilt from its transcript. */
  rebuilt(conversation: Conversation): void {
    if (this.openId === conversation.id && this.open === null) this.#known = conversation;
  }

  goTo(view: View): void {
    this.held = false;
    this.#go({ page: 'desk', view, conversationId: null });
  }

  openLedger(): void {
    this.#go({ page: 'ledger' });
  }

  /** @param view the view it stands in; left out means the present one */
  openConversation(id: ConversationId, view: View = this.view): void {
    if (id === this.openId && view === this.view) return;
    this.cursor = id;
    this.#go({ page: 'desk', view, conversationId: id });
  }

  /** Lays a dialog over the desk. */
  ask(asking: Asking): void {
    this.asking = asking;
  }

  closeConversation(): void {
    this.#go({ page: 'desk', view: this.view, conversationId: null });
  }

  /** Moves the cursor by so many rows; it stays within the list. */
  moveCursor(by: number): void {
    const { rows } = this;
    const at = rows.findIndex((row) => row.id === (this.cursor ?? this.openId));
    const next = at === -1 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
    this.cursor = rows[next]?.id ?? null;
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #go(route: Route): void {
    this.#place.go(formatRoute(route), false);
    this.#set(route);
  }

  #read(): void {
    this.#set(parseRoute(this.#place.hash(), this.#home));
  }

  #set(route: Route): void {
    const before = this.openId;
    this.#route = route;
    if (this.openId !== before) {
      this.#known = (this.openId === null ? undefined : this.live?.conversations.get(this.openId)) ?? null;
      this.part = 'talk';
      this.sideSession = null;
      this.asking = null;
      this.#beside = null;
    }
    if (this.view === 'closed') void this.closed.load();
  }

  #follow(events: readonly Event[]): void {
    const { openId } = this;
    if (openId !== null) {
      let known = this.live?.conversations.get(openId) ?? this.#known;
      if (known?.id !== openId) known = null;
      for (const event of events)
        if (conversationOf(event) === openId) known = evolveConversation(known ?? undefined, event) ?? null;
      if (known !== this.#known) this.#known = known;
    }
    if (this.view === 'closed' && events.some((event) => event.type === 'conversation:closed')) void this.closed.load();
  }
}
