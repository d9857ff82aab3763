import type { CustomerChannel } from '../../shared/contract/customer.ts';
import type { ConversationId, PersonId, QueueId, TeamId } from '../../shared/contract/id.ts';
import type { Reason } from '../../shared/contract/organisation.ts';
import type { Status } from '../../shared/contract/person.ts';
import type { Cue } from './view.ts';
import { flagMessages } from './words.ts';

/** How busy the demo floor is. */
export interface Pace {
  /** Conversations at a time, over all queues. */
  readonly live: number;
  /** How many times faster than life; 1 is calm. */
  readonly speed: number;
}

export const calm: Pace = { live: 8, speed: 1 };

/** One customer in so many comes by Legacy chat. */
const legacyEvery = 5;

/** A queue as the director sees it. */
export interface QueueLoad {
  readonly id: QueueId;
  readonly live: number;
  readonly waiting: number;
  /** Whether anybody is there to serve it. */
  readonly staffed: boolean;
}

/** A conversation in which a flag could go up. */
export interface Stage {
  readonly conversationId: ConversationId;
  /** What it is about: the team that its dialogue was written for. */
  readonly theme: string;
  /** It belongs to the opening and moves fast just now. */
  readonly hasty: boolean;
}

/** More than this many customers waiting in one queue is no demo, but a problem. */
const mostWaiting = 3;
const mostFlags = 3;

const arrivalMs = [5000, 16_000] as const;
const cueMs = [12_000, 40_000] as const;
/** The first flags are part of the opening, while its lines come fast. */
const openingFlags = 2;
const openingCueMs = [400, 900] as const;
/** A message is not heard again before so many others. */
const freshMessages = 8;
const awayMs = [60_000, 180_000] as const;
const awayEveryMs = [25_000, 70_000] as const;

/** Decides when customers come, who is away, and where a flag goes up. Holds no timer; instants are ms of the injected clock. */
export class Director {
  readonly #pace: Pace;
  readonly #random: () => number;
  readonly #nextArrival = new Map<QueueId, number>();
  readonly #away = new Map<PersonId, { readonly status: Status; readonly until: number }>();
  #nextAway = 0;
  #nextCue: number;
  #wantedFlags = openingFlags;
  #cues = 0;
  #customers = 0;
  #lately: string[] = [];

  constructor(pace: Pace, random: () => number, now: number) {
    this.#pace = pace;
    this.#random = random;
    this.#nextCue = now + 1000;
  }

  /** Queues in which a customer arrives now. */
  arrivals(now: number, queues: readonly QueueLoad[]): QueueId[] {
    const most = Math.ceil(this.#pace.live / Math.max(1, queues.length));
    return queues.flatMap(({ id, live, waiting, staffed }) => {
      if (!staffed || live >= most || waiting >= mostWaiting) {
        this.#nextArrival.delete(id);
        return [];
      }
      const at = this.#nextArrival.get(id);
      if (at !== undefined && now >= at) {
        this.#nextArrival.delete(id);
        return [id];
      }
      if (at === undefined) this.#nextArrival.set(id, now + this.#between(arrivalMs));
      return [];
    });
  }

  /** What the next customer comes in by. The second of each round is on Legacy chat: a new floor has one of each in both teams. */
  channel(): CustomerChannel {
    const legacy = this.#customers % legacyEvery === 1;
    this.#customers += 1;
    return legacy ? 'legacy' : 'chat';
  }

  /** Who of the simulated agents has which status. Of each team with at least three of them, one at a time is away. */
  duties(
    now: number,
    agents: readonly { readonly id: PersonId; readonly teamIds: readonly TeamId[] }[],
  ): ReadonlyMap<PersonId, Status> {
    const here = new Set(agents.map((one) => one.id));
    for (const [id, { until }] of this.#away) if (now >= until || !here.has(id)) this.#away.delete(id);
    if (now >= this.#nextAway) {
      const could = agents.filter(({ id, teamIds }) => {
        const team = agents.filter((other) => other.teamIds.some((one) => teamIds.includes(one)));
        return !this.#away.has(id) && team.length >= 3 && !team.some((other) => this.#away.has(other.id));
      });
      const chosen = this.#oneOf(could);
      if (chosen !== undefined)
        this.#away.set(chosen.id, {
          status: this.#random() < 0.6 ? 'break' : 'busy',
          until: now + this.#between(awayMs),
        });
      this.#nextAway = now + this.#between(awayEveryMs);
    }
    return new Map(agents.map(({ id }) => [id, this.#away.get(id)?.status ?? 'available']));
  }

  /**
   * The next flag, when it is time for one.
   * @param up flags that are up, or about to be
   */
  cue(
    now: number,
    up: number,
    stages: readonly Stage[],
    reasons: readonly Reason[],
  ): { readonly conversationId: ConversationId; readonly cue: Cue } | null {
    if (now < this.#nextCue || up >= this.#wantedFlags) return null;
    const stage = this.#oneOf(stages.filter((one) => one.hasty)) ?? this.#oneOf(stages);
    const messages = stage === undefined ? undefined : flagMessages[stage.theme];
    if (stage === undefined || messages === undefined) return null;
    const fresh = reasons.flatMap((reason) =>
      (messages[reason.name] ?? []).filter((text) => !this.#lately.includes(text)).map((text) => ({ reason, text })),
    );
    const chosen = this.#oneOf(fresh);
    if (chosen === undefined) return null;
    const { reason, text: message } = chosen;
    this.#lately = [message, ...this.#lately].slice(0, freshMessages);
    this.#cues += 1;
    const opening = this.#cues < openingFlags;
    this.#nextCue = now + this.#between(opening ? openingCueMs : cueMs);
    if (!opening) this.#wantedFlags = 1 + Math.floor(this.#random() * mostFlags);
    const askJoin = reason.name === 'Escalation' || this.#random() < 0.15;
    return { conversationId: stage.conversationId, cue: { reasonId: reason.id, message, askJoin } };
  }

  #between([least, most]: readonly [number, number]): number {
    return (least + (most - least) * this.#random()) / this.#pace.speed;
  }

  #oneOf<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)];
  }
}
