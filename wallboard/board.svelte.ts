import { createContext, untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Floor } from '../shared/client/floor.svelte.ts';
import type { Flag } from '../shared/contract/flag.ts';
import type { ConversationId, FlagId, PersonId, SessionId, TeamId } from '../shared/contract/id.ts';
import type { Live } from '../shared/live/apply.ts';
import { isCalled } from '../shared/live/call.ts';
import { type NoFlags, noFlags } from '../shared/live/fallback.ts';
import type { TranscriptSource } from '../shared/ui/conversation/source.ts';
import { flagWarnShare } from '../shared/ui/mark/clock.ts';
import type { Now } from '../shared/ui/now.svelte.ts';
import { Calm } from './calm.svelte.ts';
import type { Place } from './flag/order.ts';
import { arrange, neighbour, standing } from './flag/order.ts';
import type { View } from './view.ts';
import { flagsFor, flagsOf, teamsOf, viewOf } from './view.ts';

/** What the board uses of the live floor; a specimen can stand in for it. */
export type FloorSource = Pick<
  Floor,
  | 'live'
  | 'link'
  | 'why'
  | 'offset'
  | 'fast'
  | 'autoFallback'
  | 'heardAt'
  | 'lastEventAt'
  | 'hubNow'
  | 'send'
  | 'onEvents'
  | 'onAgain'
  | 'typingIn'
  | 'sayTyping'
  | 'saySideTyping'
  | 'tryNow'
>;

export interface BoardSources {
  readonly floor: FloorSource;
  readonly now: Now;
  /** Opens a conversation's transcript for the Monitor drawer, which closes it again. */
  readonly transcript: (id: ConversationId) => TranscriptSource & { close(): void };
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
}

/** The session that the Monitor drawer shows. */
export interface Shown {
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  readonly agentId: PersonId;
  readonly customerName: string;
  /** Where the hands go: the transcript's verbs, or straight into the side chat. */
  readonly first: 'transcript' | 'side';
}

/** What is being asked of the hub for a flag or a session, until it is answered. */
export type Verb = 'take' | 'release' | 'join' | 'lower' | 'monitor' | 'leave' | 'over' | 'decline' | 'status';

/** How long a still hand keeps the list from being put in order, ms. */
const handMs = 10_000;
/** How often tiles and the agents table look at the floor at most, ms. Flags are shown at once. */
const calmMs = 250;

const teamKey = (personId: string): string => `halyard.wallboard.team.${personId}`;

/** One wallboard: what it shows of the floor, what is chosen on it, and what is under way. */
export class Board {
  readonly floor: FloorSource;
  readonly now: Now;
  readonly openTranscript: BoardSources['transcript'];
  readonly #storage: BoardSources['storage'];
  readonly #calm: Calm<Live | null>;
  #teamId = $state.raw<TeamId | null>(null);
  #selected = $state.raw<FlagId | null>(null);
  #hand = $state.raw<FlagId | null>(null);
  #handTimer: ReturnType<typeof setTimeout> | undefined;
  #shown = $state.raw<Shown | null>(null);
  #agentId = $state.raw<PersonId | null>(null);
  #report = $state.raw(false);
  #pending = new SvelteMap<string, Verb>();
  #before: readonly Place[] = [];

  constructor(sources: BoardSources) {
    this.floor = sources.floor;
    this.now = sources.now;
    this.openTranscript = sources.transcript;
    this.#storage = sources.storage;
    this.#calm = new Calm(() => this.floor.live, calmMs);
  }

  /** Chosen team, or null for all. Remembered per person. */
  get teamId(): TeamId | null {
    return this.#teamId;
  }

  chooseTeam(teamId: TeamId | null): void {
    this.#teamId = teamId;
    const me = this.floor.live?.me.personId;
    if (me === undefined) return;
    try {
      this.#storage?.setItem(teamKey(me), teamId ?? '');
    } catch {
      // A full or closed storage: the choice holds for this page.
    }
  }

  /** Takes up what this person chose last time. Call once the first snapshot is there. */
  recall(): void {
    const live = this.floor.live;
    if (live === null) return;
    const kept = this.#storage?.getItem(teamKey(live.me.personId));
    this.#teamId = teamsOf(live).find((team) => team.id === kept)?.id ?? null;
  }

  /** Starts following the floor for tiles and agents. @returns stops */
  start(): () => void {
    const stop = this.#calm.start();
    return () => {
      stop();
      clearTimeout(this.#handTimer);
    };
  }

  get live(): Live | null {
    return this.floor.live;
  }

  /** The counted part of the floor, a few times a second. Null until the first snapshot. */
  view: View | null = $derived.by(() => {
    const live = this.#calm.value;
    return live == null ? null : viewOf(live, this.#teamId);
  });

  // Flags change seldom and must be seen in the very frame in which they came: they do not wait for the calm.
  #flagMap = $derived.by(() => this.floor.live?.flags);
  #people = $derived.by(() => this.floor.live?.people);

  /** Flags that are up on this board, in no order. */
  flags: readonly Flag[] = $derived.by(() => {
    // Named so that only changes of flags and people are followed, not every line of every conversation.
    if (this.#flagMap === undefined || this.#people === undefined) return [];
    const live = this.#latest();
    return live === null ? [] : flagsOf(live, this.#teamId);
  });

  /** How many flags the team filter hides: they must not be forgotten. */
  elsewhere: number = $derived.by(() => {
    if (this.#teamId === null || this.#flagMap === undefined) return 0;
    const live = this.#latest();
    return live === null ? 0 : flagsFor(live).length - this.flags.length;
  });

  /** The list as it is drawn. */
  places: readonly Place[] = $derived.by(() => {
    this.#before = arrange(this.#before, this.flags, this.#hand);
    return this.#before;
  });

  /** Why agents can raise no flags just now; null: they can (S1.6). */
  noFlags: NoFlags | null = $derived.by(() => noFlags(this.floor.live, this.floor.autoFallback));

  /** From which share of its target a flag's clock warns, 0 to 1: the organisation's setting. */
  get warnAt(): number {
    return flagWarnShare(this.floor.live);
  }

  unclaimed: readonly Flag[] = $derived.by(() => this.flags.filter((flag) => standing(flag) === 'unclaimed'));

  /** Those among them that call this person at the step they stand at: they sound, and count in the tab's title. */
  calling: readonly Flag[] = $derived.by(() => {
    const live = this.#latest();
    const me = live?.people.get(live.me.personId);
    return this.unclaimed.filter((flag) => isCalled(flag.reach, me, live?.people.get(flag.agentId)));
  });

  get selected(): FlagId | null {
    return this.#selected;
  }

  selectedFlag: Flag | null = $derived.by(() => this.flags.find((flag) => flag.id === this.#selected) ?? null);

  /** A hand is on this card (pointer moved over it, key pressed on it): the list keeps still for a while. */
  touch(id: FlagId): void {
    this.#hand = id;
    clearTimeout(this.#handTimer);
    this.#handTimer = setTimeout(() => this.letGo(), handMs);
  }

  /** The hand is gone: the list may be put in order. */
  letGo(): void {
    clearTimeout(this.#handTimer);
    this.#hand = null;
  }

  get held(): FlagId | null {
    return this.#hand;
  }

  select(id: FlagId | null): void {
    this.#selected = id;
    if (id === null) this.letGo();
    else this.touch(id);
  }

  /** Moves the selection by one card. @returns the card that has it now */
  step(by: 1 | -1): FlagId | null {
    const id = neighbour(this.places, this.#selected, by);
    if (id !== null) this.select(id);
    return id;
  }

  /** Whose conversations are listed in a drawer, or null. */
  get agentId(): PersonId | null {
    return this.#agentId;
  }

  showAgent(id: PersonId | null): void {
    this.#agentId = id;
    if (id !== null) this.#report = false;
  }

  /** Whether the report of time to help is open. One drawer at a time, but that a watched conversation stays watched. */
  get report(): boolean {
    return this.#report;
  }

  showReport(open: boolean): void {
    this.#report = open;
    if (open) this.#agentId = null;
  }

  get shown(): Shown | null {
    return this.#shown;
  }

  show(shown: Shown): void {
    this.#agentId = null;
    this.#report = false;
    this.#shown = shown;
  }

  hide(): void {
    this.#shown = null;
  }

  /** What is under way for a flag or session. */
  pending(id: string): Verb | undefined {
    return this.#pending.get(id);
  }

  /** Marks something as under way while it runs. */
  async during<T>(id: string, verb: Verb, run: () => Promise<T>): Promise<T> {
    this.#pending.set(id, verb);
    try {
      return await run();
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Stale, or never live: verbs rest. */
  get stale(): boolean {
    return this.floor.link !== 'live';
  }

  #latest(): Live | null {
    return untrack(() => this.floor.live);
  }
}

export const [useBoard, provideBoard] = createContext<Board>();
