import type { CommandInput, CommandName, CommandResult } from '../shared/contract/command.ts';
import type { Conversation } from '../shared/contract/conversation.ts';
import type { Flag, Outcome } from '../shared/contract/flag.ts';
import type { ReasonId } from '../shared/contract/id.ts';
import type { Status } from '../shared/contract/person.ts';
import type { Answer } from '../shared/contract/refusal.ts';
import type { Announcer } from '../shared/ui/alert/announcer.svelte.ts';
import { conversationText } from '../shared/ui/conversation/text.ts';
import { fallbackText, whyWords } from '../shared/ui/state/fallback.ts';
import { kitText } from '../shared/ui/text/kit.ts';
import type { ToastList } from '../shared/ui/toast/toast.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import { consoleText as text } from './text.ts';

/** What an agent does: each sends a command, and says in a toast what came of it where the screen itself does not show it. */
export class Actions {
  readonly #desk: Desk;
  readonly #toasts: ToastList;
  readonly #announcer: Announcer;

  constructor(desk: Desk, toasts: ToastList, announcer: Announcer) {
    this.#desk = desk;
    this.#toasts = toasts;
    this.#announcer = announcer;
  }

  async setStatus(status: Status): Promise<void> {
    const me = this.#desk.live?.people.get(this.#desk.live.me.personId);
    if (me === undefined || me.status === status) return;
    const before = me.status;
    const answer = await this.#send('person:set-status', { personId: me.id, status });
    if (!answer.ok) return;
    this.#toasts.show({
      text: text('status.changed', { status: kitText(`presence.${status}`).toLocaleLowerCase() }),
      undo: {
        label: text('status.undo'),
        run: () => void this.#send('person:set-status', { personId: me.id, status: before }),
      },
    });
  }

  /** @returns whether it is open now, so that the focus can follow */
  async accept(one: Conversation): Promise<boolean> {
    if (one.offer === null) return false;
    const answer = await this.#send('offer:accept', { conversationId: one.id, offerId: one.offer.id });
    if (answer.ok) this.#desk.openConversation(one.id, 'inbox');
    return answer.ok;
  }

  async decline(one: Conversation): Promise<void> {
    if (one.offer !== null) await this.#send('offer:decline', { conversationId: one.id, offerId: one.offer.id });
  }

  async take(one: Conversation): Promise<boolean> {
    const answer = await this.#send('conversation:take', { conversationId: one.id });
    if (answer.ok) this.#desk.openConversation(one.id, 'inbox');
    return answer.ok;
  }

  /** The open unassigned conversation, else the one that has waited longest. */
  async takeNext(): Promise<boolean> {
    const { open, live, counts } = this.#desk;
    if (open !== null && open.lifecycle === 'open' && open.assigneeId === null) return this.take(open);
    const oldest = counts.oldestUnassigned === null ? undefined : live?.conversations.get(counts.oldestUnassigned.id);
    return oldest === undefined ? false : this.take(oldest);
  }

  async close(one: Conversation): Promise<boolean> {
    const answer = await this.#send('conversation:close', { conversationId: one.id });
    if (answer.ok)
      this.#toasts.show({ strong: text('close.done'), text: text('close.done.text', { who: one.customerName }) });
    return answer.ok;
  }

  /** Closes at once, except with a flag up: then somebody may be on the way, and it is asked first. */
  closeAsking(one: Conversation): void {
    if (this.#desk.flags.has(one.id)) this.#desk.asking = 'close';
    else void this.close(one);
  }

  async transfer(one: Conversation, to: CommandInput<'conversation:transfer'>['to'], where: string): Promise<boolean> {
    const answer = await this.#send('conversation:transfer', { conversationId: one.id, to });
    if (answer.ok) this.#toasts.show({ strong: text('transfer.done'), text: text('transfer.done.text', { where }) });
    return answer.ok;
  }

  async raise(one: Conversation, what: { reasonId: ReasonId; message: string; askJoin: boolean }): Promise<boolean> {
    if (one.sessionId === null) return false;
    const answer = await this.#send('flag:raise', { sessionId: one.sessionId, ...what });
    if (answer.ok) {
      this.#desk.beside = 'side';
      this.#announcer.polite(text(answer.value.watching === 0 ? 'said.raised.nobody' : 'said.raised'));
    }
    return answer.ok;
  }

  /** A Raise dialog was open when an admin switched help flags off for the team. */
  flagSwitchedOff(): void {
    this.#toasts.show({ kind: 'fail', strong: text('raise.off'), text: text('raise.off.text') });
  }

  async amend(flag: Flag, what: { reasonId: ReasonId; message: string }): Promise<boolean> {
    return (await this.#send('flag:amend', { flagId: flag.id, ...what })).ok;
  }

  /** Says why no flag can be raised. @param kept whether words of this person wait for it to end */
  sayNoFlags(kept = false): void {
    const { noFlags } = this.#desk;
    if (noFlags === null) return;
    this.#toasts.show({
      kind: 'notice',
      strong: fallbackText('off.why', { why: whyWords(noFlags) }),
      text: [fallbackText('ask'), kept ? text('raise.off.kept') : ''].join(' ').trim(),
    });
  }

  async askToJoin(flag: Flag): Promise<void> {
    await this.#send('flag:ask-join', { flagId: flag.id });
  }

  async lower(flag: Flag, outcome: Outcome): Promise<void> {
    const answer = await this.#send('flag:lower', { flagId: flag.id, outcome });
    if (answer.ok)
      this.#toasts.show({ strong: text('strip.lowered'), text: `${conversationText(`outcome.${outcome}`)}.` });
  }

  /** Sends, and shows a refusal: its sentence and what to do now. */
  async #send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Answer<CommandResult<N>>> {
    const answer = await this.#desk.floor.send(name, input);
    if (!answer.ok) this.#toasts.show({ kind: 'fail', strong: answer.refusal.message, text: answer.refusal.next });
    return answer;
  }
}
