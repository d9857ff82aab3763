import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Log } from '../log.ts';
import type { Sent } from './log.ts';

/** Events kept for clients that come back: enough for a minute of a busy floor. */
export const ringSize = 4000;
/** Looks that are remembered while a feed is late. */
const mostUnmet = 900;

export interface FeedOptions {
  readonly organisationId: OrganisationId;
  readonly epoch: string;
  /** Position at which this hub starts to follow. */
  readonly position: number;
  /** Called once per event, in log order, without holes. */
  deliver(sent: Sent): void;
  /** Reads what is after `after`, up to `upTo`, from the log. */
  read(after: number, upTo: number): Promise<Sent[]>;
  readonly log: Log;
}

/**
 * One organisation's log as this hub follows it: what comes early is held, a hole is read from the log, and what is old is
 * dropped; so every event is delivered once, in order, wherever it came from.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #early = new Map<number, Sent>();
  readonly #waiting = new Set<{ readonly position: number; readonly go: () => void }>();
  #ring: Sent[] = [];
  #position: number;
  #filling: Promise<void> | null = null;
  #target: number;
  /** How far the log is by the database's word, now and when last asked to vouch. */
  #heard: number;
  #owed: number;
  /** What the database told of and is not delivered yet, with the instant of that look: oldest first. */
  #unmet: { readonly position: number; readonly at: number }[] = [];

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#target = options.position;
    this.#heard = options.position;
    this.#owed = options.position;
  }

  get organisationId(): OrganisationId {
    return this.#options.organisationId;
  }
  get epoch(): string {
    return this.#options.epoch;
  }
  /** Everything up to here was delivered. */
  get position(): number {
    return this.#position;
  }

  /** Takes events from a commit of this hub or from another hub. */
  offer(items: readonly Sent[]): void {
    for (const item of items) {
      const { position } = item.event;
      if (position > this.#position) this.#early.set(position, item);
      this.#target = Math.max(this.#target, position);
    }
    this.#drain();
    if (this.#early.size > 0) this.#fill();
  }

  /**
   * The database says that the log has reached `position`.
   * @param at the hub's clock, ms: from here on it is late while it has not delivered that
   */
  heard(position: number, at: number): void {
    if (position > Math.max(this.#position, this.#unmet.at(-1)?.position ?? 0) && this.#unmet.length < mostUnmet)
      this.#unmet.push({ position, at });
    this.#heard = Math.max(this.#heard, position);
    this.#target = Math.max(this.#target, position);
    if (this.#target > this.#position) this.#fill();
  }

  /** For how long something that the database told of has not been delivered, ms; 0 when there is nothing. */
  lateMs(now: number): number {
    const [oldest] = this.#unmet;
    return oldest === undefined ? 0 : Math.max(0, now - oldest.at);
  }

  /**
   * Asked once a second, at every look at the database: whether everything that the look before this one found was delivered.
   * A feed that cannot read its log must not call its screens live (I10).
   */
  vouches(): boolean {
    const vouches = this.#position >= this.#owed;
    this.#owed = this.#heard;
    return vouches;
  }

  /** Resolves when everything up to `position` was delivered, or after `ms`. */
  reach(position: number, ms: number): Promise<boolean> {
    if (position <= this.#position) return Promise.resolve(true);
    return new Promise((done) => {
      const one = {
        position,
        go: () => {
          clearTimeout(timer);
          this.#waiting.delete(one);
          done(true);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(one);
        done(false);
      }, ms);
      this.#waiting.add(one);
    });
  }

  /** Events after `position` from memory, or null when they reach back further than memory does. */
  since(position: number): readonly Sent[] | null {
    const first = this.#ring[0]?.event.position ?? this.#position + 1;
    if (position < first - 1) return null;
    return this.#ring.filter((sent) => sent.event.position > position);
  }

  #drain(): void {
    for (
      let next = this.#early.get(this.#position + 1);
      next !== undefined;
      next = this.#early.get(this.#position + 1)
    ) {
      this.#early.delete(this.#position + 1);
      this.#position += 1;
      this.#ring.push(next);
      if (this.#ring.length > ringSize * 1.25) this.#ring = this.#ring.slice(-ringSize);
      this.#options.deliver(next);
    }
    if (this.#unmet.length > 0) this.#unmet = this.#unmet.filter((one) => one.position > this.#position);
    for (const one of this.#waiting) if (one.position <= this.#position) one.go();
  }

  #fill(): void {
    this.#filling ??= this.#read().finally(() => {
      this.#filling = null;
    });
  }

  async #read(): Promise<void> {
    const { read, log, organisationId } = this.#options;
    try {
      while (this.#position < this.#target) {
        const from = this.#position;
        for (const sent of await read(from, this.#target)) {
          const { position } = sent.event;
          if (position > this.#position && !this.#early.has(position)) this.#early.set(position, sent);
        }
        this.#drain();
        // Nothing came: another hub told of a commit that this connection cannot see yet; the next second asks again.
        if (this.#position === from) return;
      }
    } catch (error) {
      log.warn(
        { organisationId, error: error instanceof Error ? error.message : String(error) },
        'the log could not be read',
      );
    }
  }
}
