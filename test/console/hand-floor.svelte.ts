import { SpecimenFloor } from '../../console/specimen/floor.svelte.ts';
import { tell } from '../../console/specimen/story.ts';
import type { CommandInput, CommandName, CommandResult } from '../../shared/contract/command.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Live } from '../../shared/live/apply.ts';
import { apply } from '../../shared/live/apply.ts';

/** A floor that a test moves by hand, and that keeps what was sent. */
export class HandFloor extends SpecimenFloor {
  #live = $state.raw<Live | null>(null);
  #hear: ((events: readonly Event[], live: Live) => void)[] = [];
  readonly sent: { name: CommandName; input: unknown }[] = [];

  constructor(state: string, now: number) {
    const told = tell(state, now);
    super(told);
    this.#live = told.live;
  }

  override get live(): Live | null {
    return this.#live;
  }
  override send<N extends CommandName>(name?: N, input?: CommandInput<N>): Promise<Answer<CommandResult<N>>> {
    if (name !== undefined) this.sent.push({ name, input });
    return Promise.resolve({ ok: false, refusal: refusal('flag_claimed', 'Ines took it.', 'Look at the strip.') });
  }
  override onEvents(hear?: (events: readonly Event[], live: Live) => void): () => void {
    if (hear !== undefined) this.#hear.push(hear);
    return () => {
      this.#hear = this.#hear.filter((one) => one !== hear);
    };
  }
  /** Events as the connection brings them: applied, then told. */
  happen(...events: readonly Event[]): void {
    if (this.#live === null) throw new Error('no floor to move');
    this.#live = apply(this.#live, events);
    for (const hear of this.#hear) hear(events, this.#live);
  }
  /** A state that came without events: a snapshot, a tombstone. */
  become(change: (live: Live) => Live): void {
    if (this.#live === null) throw new Error('no floor to move');
    this.#live = change(this.#live);
  }
}
