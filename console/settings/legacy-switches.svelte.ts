import type { CommandInput } from '../../shared/contract/command.ts';
import type { TeamId } from '../../shared/contract/id.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';
import type { Team } from '../../shared/contract/team.ts';

/** What was asked for, and from which place in the log on the floor itself says how it came out. */
interface Wanted {
  readonly on: boolean;
  /** Null until it is answered. */
  readonly from: number | null;
}

/** Sends the command of the switch. */
type Ask = (input: CommandInput<'team:set-legacy-flag'>) => Promise<Answer<null>>;

/** The switches of Legacy chat's help flags: each shows at once what was asked for, and then what the floor says. */
export class LegacySwitches {
  readonly #ask: Ask;
  #wanted = $state.raw<ReadonlyMap<TeamId, Wanted>>(new Map());

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** How the switch of a team stands. @param position how far the floor has been heard */
  shown({ id, legacyFlag }: Pick<Team, 'id' | 'legacyFlag'>, position: number): boolean {
    const wanted = this.#wanted.get(id);
    return wanted === undefined || (wanted.from !== null && position >= wanted.from) ? legacyFlag : wanted.on;
  }

  /** Switches; of several presses the last one stands. @returns why it was refused, or null */
  async set(teamId: TeamId, on: boolean): Promise<Refusal | null> {
    const wanted: Wanted = { on, from: null };
    this.#note(teamId, wanted);
    const answer = await this.#ask({ teamId, on });
    // A later press has its own answer to wait for.
    if (this.#wanted.get(teamId) === wanted) this.#note(teamId, answer.ok ? { on, from: answer.position } : null);
    return answer.ok ? null : answer.refusal;
  }

  #note(teamId: TeamId, wanted: Wanted | null): void {
    const next = new Map(this.#wanted);
    if (wanted === null) next.delete(teamId);
    else next.set(teamId, wanted);
    this.#wanted = next;
  }
}
