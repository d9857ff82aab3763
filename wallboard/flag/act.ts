import type { CommandInput, CommandName } from '../../shared/contract/command.ts';
import type { Flag, Outcome } from '../../shared/contract/flag.ts';
import type { SessionId } from '../../shared/contract/id.ts';
import type { Status } from '../../shared/contract/person.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import type { Session } from '../../shared/contract/session.ts';
import { firstName, personName } from '../../shared/ui/conversation/people.ts';
import { conversationText } from '../../shared/ui/conversation/text.ts';
import { age } from '../../shared/ui/text/format.ts';
import type { ToastContent, ToastList } from '../../shared/ui/toast/toast.svelte.ts';
import type { Board, Shown, Verb } from '../board.svelte.ts';
import { boardText } from '../words.ts';

/** The session of a flag, as the drawer shows it. */
export function shownOf(flag: Flag, first: Shown['first']): Shown {
  return {
    sessionId: flag.sessionId,
    conversationId: flag.conversationId,
    agentId: flag.agentId,
    customerName: flag.customerName,
    first,
  };
}

/** How this person takes part in a session: not at all, watching, or in the conversation. */
export function partOf(session: Session | undefined, me: string): 'none' | 'monitoring' | 'joined' {
  return session?.supervisors.find((one) => one.personId === me)?.mode ?? 'none';
}

/**
 * What a lost race says: "Ines took it 1 s before you." The hub names the winner and the instant; where it does not, its
 * own words stand.
 * @param at when this person pressed, hub time
 */
export function lostWords(refusal: Refusal, at: number): { strong: string; text: string } {
  const { name, at: when } = refusal.detail ?? {};
  if (typeof name !== 'string') return { strong: refusal.message, text: refusal.next };
  const strong =
    typeof when === 'number' && at - when >= 100
      ? boardText('lost.strong', { name: firstName(name), ago: age(at - when) })
      : boardText('lost.same', { name: firstName(name) });
  return { strong, text: boardText('lost.text') };
}

/** What a supervisor does with flags and sessions: each shows itself as under way at once, and says why it was refused. */
export class Acts {
  readonly #board: Board;
  readonly #toasts: Pick<ToastList, 'show'>;

  constructor(board: Board, toasts: Pick<ToastList, 'show'>) {
    this.#board = board;
    this.#toasts = toasts;
  }

  async take(flag: Flag): Promise<void> {
    const at = this.#board.floor.hubNow();
    await this.#do(flag.id, 'take', 'flag:claim', { flagId: flag.id }, (refusal) =>
      refusal.code === 'flag_claimed' ? { kind: 'fail', ...lostWords(refusal, at) } : null,
    );
  }

  async release(flag: Flag): Promise<void> {
    const done = await this.#do(flag.id, 'release', 'flag:release', { flagId: flag.id });
    if (!done) return;
    this.#toasts.show({
      text: boardText('done.released', { name: this.#agent(flag) }),
      undo: { label: boardText('done.released.undo'), keys: 'Z', run: () => void this.take(flag) },
    });
  }

  chat(flag: Flag): void {
    this.open(shownOf(flag, 'side'));
  }

  /** Shows a session in the drawer. Whoever watched another one stops watching it: nobody is watched unseen. */
  open(shown: Shown): void {
    const { live, shown: before } = this.#board;
    this.#board.show(shown);
    if (live === null || before === null || before.sessionId === shown.sessionId) return;
    if (partOf(live.sessions.get(before.sessionId), live.me.personId) === 'monitoring')
      void this.leave(before.sessionId);
  }

  /** Opens the drawer and starts to watch; the agent sees what the policy says, the customer nothing. */
  async monitor(shown: Shown): Promise<void> {
    this.open(shown);
    const { live } = this.#board;
    if (live === null || partOf(live.sessions.get(shown.sessionId), live.me.personId) !== 'none') return;
    await this.#do(shown.sessionId, 'monitor', 'supervision:monitor', { sessionId: shown.sessionId });
  }

  async join(shown: Shown): Promise<void> {
    this.open(shown);
    const { live } = this.#board;
    if (live === null || partOf(live.sessions.get(shown.sessionId), live.me.personId) === 'joined') return;
    await this.#do(shown.sessionId, 'join', 'supervision:join', { sessionId: shown.sessionId });
  }

  async leave(sessionId: SessionId): Promise<void> {
    await this.#do(sessionId, 'leave', 'supervision:leave', { sessionId });
  }

  async takeOver(sessionId: SessionId): Promise<boolean> {
    return this.#do(sessionId, 'over', 'supervision:take-over', { sessionId });
  }

  async lower(flag: Flag, outcome: Outcome): Promise<void> {
    const done = await this.#do(flag.id, 'lower', 'flag:lower', { flagId: flag.id, outcome });
    if (!done) return;
    const words = { name: this.#agent(flag), outcome: conversationText(`outcome.${outcome}`) };
    this.#toasts.show({ text: boardText('done.lowered', words) });
  }

  async decline(flag: Flag, word: string): Promise<boolean> {
    const done = await this.#do(flag.id, 'decline', 'flag:decline-join', { flagId: flag.id, word });
    if (done) this.#toasts.show({ text: boardText('done.declined', { name: this.#agent(flag) }) });
    return done;
  }

  /** One's own status: supervisors serve customers as well. */
  async setStatus(status: Status): Promise<void> {
    const { live } = this.#board;
    const me = live?.people.get(live.me.personId);
    if (me === undefined || me.status === status) return;
    await this.#do(me.id, 'status', 'person:set-status', { personId: me.id, status });
  }

  /** Closing the drawer ends watching; whoever joined stays until they leave. The side chat goes on either way. */
  close(): void {
    const { live, shown } = this.#board;
    this.#board.hide();
    if (live === null || shown === null) return;
    if (partOf(live.sessions.get(shown.sessionId), live.me.personId) === 'monitoring') void this.leave(shown.sessionId);
  }

  #agent(flag: Flag): string {
    const { live } = this.#board;
    return firstName(live === null ? '' : personName(live, flag.agentId));
  }

  /** @param say words for a refusal that has its own; null for the usual ones */
  async #do<N extends CommandName>(
    id: string,
    verb: Verb,
    command: N,
    input: CommandInput<N>,
    say: (refusal: Refusal) => ToastContent | null = () => null,
  ): Promise<boolean> {
    if (this.#board.stale || this.#board.pending(id) !== undefined) return false;
    const answer = await this.#board.during(id, verb, () => this.#board.floor.send(command, input));
    if (answer.ok) return true;
    this.#toasts.show(
      say(answer.refusal) ?? { kind: 'fail', strong: answer.refusal.message, text: answer.refusal.next },
    );
    return false;
  }
}
