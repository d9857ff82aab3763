import type { Conversation } from '../shared/contract/conversation.ts';
import type { Event } from '../shared/contract/event.ts';
import type { Flag } from '../shared/contract/flag.ts';
import type { FlagId } from '../shared/contract/id.ts';
import type { Live } from '../shared/live/apply.ts';
import { preview } from '../shared/live/conversation.ts';
import type { Announcer } from '../shared/ui/alert/announcer.svelte.ts';
import type { DesktopNotice } from '../shared/ui/alert/desktop-notice.svelte.ts';
import type { Sound } from '../shared/ui/alert/sound.svelte.ts';
import type { Attention } from '../shared/ui/conversation/attention.svelte.ts';
import { whoIs } from '../shared/ui/conversation/call-words.ts';
import { firstName, personName } from '../shared/ui/conversation/people.ts';
import { heardWords } from '../shared/ui/conversation/rule-text.ts';
import { conversationText } from '../shared/ui/conversation/text.ts';
import type { ToastList } from '../shared/ui/toast/toast.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import { consoleText as text } from './text.ts';

export interface AlertMeans {
  readonly sound: Pick<Sound, 'chime' | 'ring' | 'quietRing'>;
  readonly notice: Pick<DesktopNotice, 'show' | 'withdraw'>;
  readonly announcer: Pick<Announcer, 'polite'>;
  readonly attention: Pick<Attention, 'here'>;
  readonly toasts: Pick<ToastList, 'show' | 'dismiss'>;
  /** Takes a flag down that a rule raised for nothing. */
  readonly notNeeded: (flag: Flag) => void;
  /** Keycaps of Accept, as they are said. */
  readonly acceptKeys: () => string;
}

/**
 * Calls this person when something wants them: rings for an offer, chimes for a line that is not being looked at, sends a
 * notice of the desktop while the page is not watched, and says to a screen reader what has happened to their conversations.
 */
export class Alerts {
  readonly #desk: Desk;
  readonly #means: AlertMeans;
  readonly #stop: () => void;
  #ringing = new Set<string>();
  /** Toasts of flags that rules raised, as long as the flags are up. */
  readonly #ofRules = new Map<FlagId, number>();
  /** The side chat may chime or not, by the person's choice on its head. */
  sideChime = $state(true);

  constructor(desk: Desk, means: AlertMeans) {
    this.#desk = desk;
    this.#means = means;
    this.#stop = desk.floor.onEvents((events, live) => {
      for (const event of events) this.#hear(event, live);
    });
  }

  /** Rings while an offer waits. Call whenever the offers change. */
  offers(waiting: readonly Conversation[]): void {
    const now = new Set<string>();
    for (const one of waiting) {
      const id = one.offer?.id;
      if (id === undefined) continue;
      now.add(id);
      if (this.#ringing.has(id)) continue;
      const queue = this.#desk.live?.queues.get(one.queueId)?.name ?? '';
      const who = one.customerName;
      this.#means.announcer.polite(text('offer.said', { who, queue, keys: this.#means.acceptKeys() }));
      this.#means.notice.show({
        title: text('offer.title', { who, queue }),
        body: one.lastLine?.text ?? '',
        tag: `offer ${id}`,
      });
    }
    for (const id of this.#ringing) if (!now.has(id)) this.#means.notice.withdraw(`offer ${id}`);
    this.#ringing = now;
    if (now.size > 0) this.#means.sound.ring();
    else this.#means.sound.quietRing();
  }

  close(): void {
    this.#stop();
    this.#means.sound.quietRing();
  }

  #hear(event: Event, live: Live): void {
    if (!('conversationId' in event)) return;
    const me = live.me.personId;
    const one = live.conversations.get(event.conversationId);
    const mine = one?.assigneeId === me;
    const customer = one?.customerName ?? conversationText('customer');
    const watched = this.#means.attention.here && this.#desk.openId === event.conversationId;
    const say = (words: string): void => this.#means.announcer.polite(words);
    const who = (id: Parameters<typeof personName>[1]): string => personName(live, id);

    switch (event.type) {
      case 'message:sent': {
        if (event.author !== 'customer') return;
        if (watched || mine) say(text('said.customer', { who: firstName(customer), line: preview(event.text) }));
        if (mine && !watched) {
          this.#means.sound.chime();
          this.#show(event, customer, event.text);
        }
        return;
      }
      case 'side-chat:said': {
        const session = live.sessions.get(event.sessionId);
        if (event.personId === me || session?.agentId !== me) return;
        say(text('said.side', { who: firstName(who(event.personId)), line: preview(event.text) }));
        // The chime comes also while it is watched: eyes are on the customer's lines.
        if (this.sideChime) this.#means.sound.chime();
        this.#show(event, who(event.personId), event.text);
        return;
      }
      case 'flag:raised':
        this.#heard(event.flag, event.text, live);
        return;
      case 'flag:seen':
        if (live.flags.get(event.flagId)?.agentId === me) say(text('said.seen', { who: who(event.personId) }));
        return;
      case 'flag:claimed':
        if (live.flags.get(event.flagId)?.agentId === me) {
          say(text('said.claimed', { who: who(event.personId) }));
          this.#show(event, text('said.claimed', { who: who(event.personId) }), customer);
        }
        return;
      case 'flag:released':
        if (live.flags.get(event.flagId)?.agentId === me) say(text('said.released', { who: who(event.personId) }));
        return;
      case 'flag:escalated':
        // What goes on at once as it goes up is said by the answer to Raise.
        if (event.agentId === me && event.by.kind === 'system') say(text('said.further', { who: whoIs(event.reach) }));
        return;
      case 'flag:join-declined':
        if (live.flags.get(event.flagId)?.agentId === me)
          say(text('said.declined', { who: who(event.personId), word: preview(event.text) }));
        return;
      case 'flag:lowered':
        this.#forget(event.flagId);
        if (mine && event.personId !== me) {
          const outcome =
            event.outcome === null ? conversationText('outcome.none') : conversationText(`outcome.${event.outcome}`);
          say(text('said.lowered', { outcome }));
        }
        return;
      case 'supervision:monitored':
        if (mine) say(text('said.monitors', { who: who(event.personId), customer }));
        return;
      case 'supervision:joined':
        if (mine) say(text('said.joined', { who: who(event.personId), customer }));
        return;
      case 'supervision:left':
        if (mine && event.was === 'joined') say(text('said.left', { who: who(event.personId), customer }));
        return;
      case 'supervision:took-over':
        if (event.agentId === me) say(text('said.tookOver', { who: who(event.personId), customer }));
        return;
      default:
    }
  }

  /** A rule called for this agent, who did not: told at once, with a way to take it back. */
  #heard(flag: Flag, line: string, live: Live): void {
    const heard = heardWords(flag);
    if (heard === null || flag.agentId !== live.me.personId) return;
    const customer = flag.customerName;
    const words = text('rule.raised', { heard, customer });
    this.#means.announcer.polite(text('said.rule', { heard, customer }));
    this.#means.sound.chime();
    const open = (): void => this.#desk.openConversation(flag.conversationId, 'inbox');
    this.#means.notice.show({
      title: words,
      body: preview(line),
      tag: `conversation ${flag.conversationId}`,
      onclick: open,
    });
    const elsewhere = this.#desk.openId !== flag.conversationId;
    const id = this.#means.toasts.show({
      kind: 'help',
      strong: text('rule.raised.strong'),
      text: words,
      actions: [
        ...(elsewhere ? [{ label: text('rule.open'), run: open }] : []),
        { label: text('rule.notNeeded'), run: () => this.#means.notNeeded(flag) },
      ],
    });
    this.#ofRules.set(flag.id, id);
  }

  #forget(flagId: FlagId): void {
    const toast = this.#ofRules.get(flagId);
    if (toast !== undefined) this.#means.toasts.dismiss(toast);
    this.#ofRules.delete(flagId);
  }

  #show(event: Event & { readonly conversationId: Conversation['id'] }, title: string, words: string): void {
    this.#means.notice.show({
      title,
      body: preview(words),
      tag: `conversation ${event.conversationId}`,
      onclick: () => this.#desk.openConversation(event.conversationId, 'inbox'),
    });
  }
}
