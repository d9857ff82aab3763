import type { Flag } from '../../shared/contract/flag.ts';
import type { FlagId } from '../../shared/contract/id.ts';
import { calledFrom } from '../../shared/live/call.ts';
import type { Announcer } from '../../shared/ui/alert/announcer.svelte.ts';
import type { DesktopNotice } from '../../shared/ui/alert/desktop-notice.svelte.ts';
import type { Sound } from '../../shared/ui/alert/sound.svelte.ts';
import type { TabBadge } from '../../shared/ui/alert/tab-badge.ts';
import { firstName, personName } from '../../shared/ui/conversation/people.ts';
import { heardWords } from '../../shared/ui/conversation/rule-text.ts';
import { duration } from '../../shared/ui/text/format.ts';
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

interface Known {
  readonly asked: boolean;
  readonly called: boolean;
}

/**
 * Calls people to the board, those whom a flag calls at the step it stands at: a sound that repeats until every such flag has
 * somebody, the tab's title and icon, a desktop notice and an urgent announcement for each new flag and for each that calls
 * further to them, a chime when the agent of an own flag asks to join.
 */
export class FlagAlerts {
  readonly #board: Board;
  readonly #devices: AlertDevices;
  readonly #known = new Map<FlagId, Known>();

  constructor(board: Board, devices: AlertDevices) {
    this.#board = board;
    this.#devices = devices;
  }

  /** Starts calling. @returns stops, and silences everything */
  start(): () => void {
    const stop = $effect.root(() => {
      // Sound, title and notices are outside of the page's tree: effects carry the floor's state to them.
      $effect(() => {
        if (this.#board.calling.length > 0) this.#devices.sound.raiseHelp();
        else this.#devices.sound.quietHelp();
      });
      $effect(() => {
        const unread = this.#unread();
        this.#devices.badge.show({ help: this.#board.calling.length, unread });
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
    const calling = new Set(this.#board.calling.map((flag) => flag.id));
    const up = new Set<FlagId>();
    for (const flag of flags) {
      up.add(flag.id);
      const before = this.#known.get(flag.id);
      const asked = flag.join?.state === 'asked';
      const called = calling.has(flag.id);
      // Once called, it stays no news while somebody has it and gives it back.
      this.#known.set(flag.id, { asked, called: called || (before?.called ?? false) });
      if (called && before?.called !== true) {
        // What was up long before this screen came is on the board, but it is no news.
        if (before !== undefined || now - this.#calledAt(flag) < newMs) this.#news(flag, now);
      } else if (before?.asked === false && asked) this.#asks(flag);
      if (flag.claim !== null) this.#devices.notice?.withdraw(flag.id);
    }
    for (const id of this.#known.keys())
      if (!up.has(id)) {
        this.#known.delete(id);
        this.#devices.notice?.withdraw(id);
      }
  }

  /** Whether it calls this person because nobody nearer took it, or was there. */
  #isFurther(flag: Flag): boolean {
    const { live } = this.#board;
    const me = live?.people.get(live.me.personId);
    const agent = live?.people.get(flag.agentId);
    return me !== undefined && agent !== undefined && calledFrom(me, agent) !== 'own';
  }

  #calledAt(flag: Flag): number {
    return this.#isFurther(flag) ? flag.reachedAt : flag.raisedAt;
  }

  #news(flag: Flag, now: number): void {
    const name = this.#name(flag);
    const { message } = flag;
    const waited = flag.reachedAt - flag.raisedAt;
    const time = duration(Math.max(waited, now - flag.raisedAt));
    const heard = heardWords(flag);
    const [said, title] = this.#isFurther(flag)
      ? waited < 1000
        ? [boardText('announce.further.nobody', { name, message }), boardText('notice.further.nobody', { name })]
        : [boardText('announce.further', { name, time, message }), boardText('notice.further', { name, time })]
      : heard === null
        ? [boardText('announce.flag', { name, message }), boardText('notice.title', { name })]
        : [boardText('announce.rule', { name, heard, message }), boardText('notice.rule', { heard, name })];
    this.#devices.announcer.urgent(said, (count, newest) => boardText('announce.flags', { count, newest }));
    this.#notice(flag, title);
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
