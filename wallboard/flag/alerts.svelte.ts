import type { Flag } from '../../shared/contract/flag.ts';
import type { FlagId } from '../../shared/contract/id.ts';
import type { Announcer } from '../../shared/ui/alert/announcer.svelte.ts';
import type { DesktopNotice } from '../../shared/ui/alert/desktop-notice.svelte.ts';
import type { Sound } from '../../shared/ui/alert/sound.svelte.ts';
import type { TabBadge } from '../../shared/ui/alert/tab-badge.ts';
import { firstName, personName } from '../../shared/ui/conversation/people.ts';
import { heardWords } from '../../shared/ui/conversation/rule-text.ts';
import type { Board } from '../board.svelte.ts';
import { boardText } from '../words.ts';
import { newMs } from './desk.svelte.ts';

export interface AlertDevices {
  readonly sound: Pick<Sound, 'raiseHelp' | 'quietHelp' | 'chime'>;
  readonly badge: Pick<TabBadge, 'show'>;
  /** Null on a wall: nobody sits before it. */
  readonly notice: Pick<DesktopNotice, 'show' | 'withdraw'> | null;
  readonly announcer: Pick<Announcer, 'urgent' | 'polite'>;
}

/**
 * Calls people to the board: a sound that repeats until every flag has somebody, the tab's title and icon, a desktop notice
 * and an urgent announcement for each new flag, a chime when the agent of an own flag asks to join.
 */
export class FlagAlerts {
  readonly #board: Board;
  readonly #devices: AlertDevices;
  readonly #known = new Map<FlagId, 'open' | 'asked'>();

  constructor(board: Board, devices: AlertDevices) {
    this.#board = board;
    this.#devices = devices;
  }

  /** Starts calling. @returns stops, and silences everything */
  start(): () => void {
    const stop = $effect.root(() => {
      // Sound, title and notices are outside of the page's tree: effects carry the floor's state to them.
      $effect(() => {
        if (this.#board.unclaimed.length > 0) this.#devices.sound.raiseHelp();
        else this.#devices.sound.quietHelp();
      });
      $effect(() => {
        const unread = this.#unread();
        this.#devices.badge.show({ help: this.#board.unclaimed.length, unread });
      });
      $effect(() => this.#tell(this.#board.flags));
    });
    return () => {
      stop();
      this.#devices.sound.quietHelp();
      this.#devices.badge.show({ help: 0, unread: 0 });
      for (const id of this.#known.keys()) this.#devices.notice?.withdraw(id);
    };
  }

  /** Side chat lines for this person, of flags on this board. */
  #unread(): number {
    const { live, flags } = this.#board;
    if (live === null) return 0;
    const sessions = new Set(
      flags.filter((flag) => flag.claim?.personId === live.me.personId).map((one) => one.sessionId),
    );
    let unread = 0;
    for (const id of sessions) {
      const session = live.sessions.get(id);
      if (session !== undefined) unread += Math.max(0, session.sideLines - (session.sideRead[live.me.personId] ?? 0));
    }
    return unread;
  }

  #tell(flags: readonly Flag[]): void {
    const now = this.#board.floor.hubNow();
    const up = new Set<FlagId>();
    for (const flag of flags) {
      up.add(flag.id);
      const before = this.#known.get(flag.id);
      const asked = flag.join?.state === 'asked';
      this.#known.set(flag.id, asked ? 'asked' : 'open');
      // What was up long before this screen came is on the board, but it is no news.
      if (before === undefined && flag.claim === null && now - flag.raisedAt < newMs) this.#news(flag);
      else if (before === 'open' && asked) this.#asks(flag);
      if (flag.claim !== null) this.#devices.notice?.withdraw(flag.id);
    }
    for (const id of this.#known.keys())
      if (!up.has(id)) {
        this.#known.delete(id);
        this.#devices.notice?.withdraw(id);
      }
  }

  #news(flag: Flag): void {
    const name = this.#name(flag);
    const heard = heardWords(flag);
    const { message } = flag;
    const said =
      heard === null
        ? boardText('announce.flag', { name, message })
        : boardText('announce.rule', { name, heard, message });
    this.#devices.announcer.urgent(said, (count, newest) => boardText('announce.flags', { count, newest }));
    this.#notice(
      flag,
      heard === null ? boardText('notice.title', { name }) : boardText('notice.rule', { heard, name }),
    );
  }

  #asks(flag: Flag): void {
    const name = this.#name(flag);
    this.#devices.sound.chime();
    this.#devices.announcer.polite(boardText('announce.asks', { name: firstName(name) }));
    this.#notice(flag, boardText('notice.asks', { name }));
  }

  #notice(flag: Flag, title: string): void {
    this.#devices.notice?.show({
      title,
      body: flag.message,
      tag: flag.id,
      onclick: () => this.#board.select(flag.id),
    });
  }

  #name(flag: Flag): string {
    const { live } = this.#board;
    return live === null ? '' : personName(live, flag.agentId);
  }
}
