import type { ConversationId, OrganisationId } from '../../shared/contract/id.ts';
import type { CrowdAsks } from '../process/crowd.ts';
import { Child } from './child.ts';
import { pause } from './measure.ts';
import { type Organisation, seedLive } from './seed.ts';
import type { Hub, Stage } from './stage.ts';

interface Line {
  /** Place in the crowd. */
  readonly person: number;
  readonly conversationId: ConversationId;
}

/** The rest of a floor: agents with a conversation each, who write to their customers on a schedule. */
export class Crowd {
  readonly #child: Child<CrowdAsks>;
  readonly #lines: readonly Line[];

  private constructor(child: Child<CrowdAsks>, lines: readonly Line[]) {
    this.#child = child;
    this.#lines = lines;
  }

  /** All agents of the organisation come in, but the first `without` of its first team. */
  static async connect(stage: Stage, hub: Hub, organisation: Organisation, without: number): Promise<Crowd> {
    const people: { token: string; organisationId: OrganisationId }[] = [];
    const lines: Line[] = [];
    for (const team of organisation.teams) {
      const skipped = team.id === organisation.teams[0]?.id ? without : 0;
      const live = await seedLive(stage.db.system, organisation, team, { agents: team.agents.length, each: 1 });
      for (const { agent, conversationId } of live) {
        if (agent < skipped) continue;
        lines.push({ person: people.length, conversationId });
        people.push({ token: team.agents[agent]?.token ?? '', organisationId: organisation.id });
      }
    }
    const child = stage.keep(new Child<CrowdAsks>('crowd'));
    const { connected } = await child.ask('connect', { url: hub.url, people, atOnce: 8, limitMs: 180_000 });
    if (connected < people.length) throw new Error(`only ${connected} of ${people.length} agents came in`);
    await settled(stage, organisation, people.length);
    return new Crowd(child, lines);
  }

  /** Writes `perSecond` lines for `ms`; how many were sent and acknowledged. */
  talk(perSecond: number, ms: number): Promise<{ readonly sent: number; readonly acknowledged: number }> {
    return this.#child.ask('talk', { perSecond, ms, lines: this.#lines });
  }

  close(): Promise<void> {
    return this.#child.kill();
  }
}

/** Everybody's arrival is an event to everybody: what is measured begins when that is over. */
async function settled(stage: Stage, organisation: Organisation, count: number): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const { rows } = await stage.db.system.query<{ here: number }>(
      'select count(*)::int as here from person where organisation_id = $1 and reachable',
      [organisation.id],
    );
    if ((rows[0]?.here ?? 0) >= count) return;
    if (performance.now() > deadline) throw new Error(`only ${rows[0]?.here} of ${count} agents are known to be there`);
    await pause(250);
  }
}
