import { tick } from 'svelte';
import type { Flag } from '../../shared/contract/flag.ts';
import type { FlagId } from '../../shared/contract/id.ts';
import type { Command } from '../../shared/ui/command/register.svelte.ts';
import { mayHelp } from '../../shared/ui/conversation/people.ts';
import type { Board } from '../board.svelte.ts';
import { handsInMonitor } from '../monitor/hands.ts';
import { boardText } from '../words.ts';
import type { Acts } from './act.ts';
import { shownOf } from './act.ts';

/** For how long a flag is marked as new, ms (design language, motion). */
export const newMs = 10_000;

/** What is being asked about a flag on this screen, and the keys that act on the selected one. */
export class FlagDesk {
  readonly acts: Acts;
  readonly #board: Board;
  /** The card that asks for its outcome. */
  lowering = $state.raw<FlagId | null>(null);
  /** The flag whose request to join is being declined. */
  declining = $state.raw<Flag | null>(null);

  constructor(board: Board, acts: Acts) {
    this.#board = board;
    this.acts = acts;
  }

  askOutcome(flag: Flag): void {
    this.#board.select(flag.id);
    this.lowering = flag.id;
  }

  askDecline(flag: Flag): void {
    this.declining = flag;
  }

  /** Puts the focus on a flag's card, which selects it. */
  async focus(id: FlagId | null): Promise<void> {
    if (id === null) return;
    await tick();
    const card = document.querySelector<HTMLElement>(`[data-flag="${id}"]`);
    card?.focus();
    card?.scrollIntoView({ block: 'nearest' });
  }

  /** The commands of the selected flag: palette, `?` sheet, keys and tooltips read them. */
  commands(): readonly Command[] {
    const board = this.#board;
    const group = boardText('group.flags');
    const target = (): Flag | null =>
      board.shown !== null && handsInMonitor()
        ? (board.flags.find((flag) => flag.sessionId === board.shown?.sessionId) ?? null)
        : board.selectedFlag;
    const can = (test: (flag: Flag) => boolean = () => true): boolean => {
      const flag = target();
      return (
        flag !== null &&
        board.live !== null &&
        !board.stale &&
        mayHelp(board.live, flag.agentId, flag.reach) &&
        test(flag)
      );
    };
    const on = (run: (flag: Flag) => unknown) => (): void => {
      const flag = target();
      if (flag !== null) void run(flag);
    };
    const me = (): string | undefined => board.live?.me.personId;
    // Arrows belong to whatever has the focus: they move along the flags only from the list or from nowhere.
    const free = (): boolean => {
      const at = document.activeElement;
      return at === null || at === document.body || at.closest('.flaglist') !== null;
    };
    return [
      {
        id: 'flag.take',
        title: boardText('command.take'),
        group,
        keys: 'T',
        when: () => can((flag) => flag.claim === null),
        run: on((flag) => this.acts.take(flag)),
      },
      {
        id: 'flag.chat',
        title: boardText('command.chat'),
        group,
        keys: 'C',
        when: () => can(),
        run: on((flag) => this.acts.chat(flag)),
      },
      {
        id: 'flag.monitor',
        title: boardText('command.monitor'),
        group,
        keys: 'M',
        when: () => can(),
        run: on((flag) => this.acts.monitor(shownOf(flag, 'transcript'))),
      },
      {
        id: 'flag.join',
        title: boardText('command.join'),
        group,
        keys: 'J',
        when: () => can(),
        run: on((flag) => this.acts.join(shownOf(flag, 'transcript'))),
      },
      {
        id: 'flag.lower',
        title: boardText('command.lower'),
        group,
        keys: 'L',
        when: () => can(),
        run: on((flag) => this.askOutcome(flag)),
      },
      {
        id: 'flag.release',
        title: boardText('command.release'),
        group,
        keys: 'R',
        when: () => can((flag) => flag.claim?.personId === me()),
        run: on((flag) => this.acts.release(flag)),
      },
      {
        id: 'flag.decline',
        title: boardText('command.decline'),
        group,
        keys: 'D',
        when: () => can((flag) => flag.join?.state === 'asked'),
        run: on((flag) => this.askDecline(flag)),
      },
      {
        id: 'flag.next',
        title: boardText('command.next'),
        group,
        keys: 'ArrowDown',
        silent: true,
        when: free,
        run: () => this.focus(board.step(1)),
      },
      {
        id: 'flag.previous',
        title: boardText('command.previous'),
        group,
        keys: 'ArrowUp',
        silent: true,
        when: free,
        run: () => this.focus(board.step(-1)),
      },
      {
        id: 'flag.first',
        title: boardText('command.first'),
        group,
        keys: 'F',
        run: () => this.focus(board.selected ?? board.step(1)),
      },
    ];
  }
}
