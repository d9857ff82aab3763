import type { ConversationId, FlagId, SessionId } from '../../shared/contract/id.ts';
import { outcomes } from '../../shared/contract/outcome.ts';
import type { CustomerClient } from './customer-client.ts';
import type { Random } from './random.ts';
import type { Stage, Viewer } from './stage.ts';

/** A conversation that an agent serves in a run, with the flag that is up in it. */
interface Served {
  readonly agent: Viewer;
  readonly customer: CustomerClient;
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
  flagId: FlagId | null;
}

const agents = [
  ['Priya', 'Banking'],
  ['Omar', 'Banking'],
  ['Leo', 'Travel'],
] as const;
const helpers = ['Ines', 'Tomasz', 'Mei', 'Marta', 'Grace'] as const;

/**
 * Random people with random flags on the hand clock: raised, amended, claimed, given back, answered, joined, lowered, taken over,
 * closed by either side. What is refused (a supervisor of another team, a claim that is taken) changes nothing.
 */
export class FlagRun {
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #live: Served[] = [];

  constructor(stage: Stage, random: Random) {
    this.#stage = stage;
    this.#random = random;
  }

  /** @param steps how many things happen @param most the longest pause between two, ms */
  async run(steps: number, most: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      // Help that comes within a minute, beside help that comes after an hour.
      await this.#stage.floor.pass(this.#random.between(200, this.#random.chance(0.5) ? most / 20 : most));
      await this.#step();
    }
    await this.#stage.settle();
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const one = this.#live.length > 0 && !random.chance(0.2) ? random.pick(this.#live) : await this.#serve();
    const helper = this.#stage.of(random.pick(helpers));
    const agent = this.#stage.of(one.agent);
    const { sessionId, conversationId, flagId } = one;
    if (flagId === null) {
      const reasonId = this.#stage.reason(random.between(0, 3));
      const answer = await agent.send('flag:raise', {
        sessionId,
        reasonId,
        message: 'Help.',
        askJoin: random.chance(0.3),
      });
      if (answer.ok) one.flagId = answer.value.flagId as FlagId;
      return;
    }
    const gone = (): void => {
      this.#live.splice(this.#live.indexOf(one), 1);
      one.customer.close();
    };
    const roll = random.next();
    if (roll < 0.12)
      await agent.send('flag:amend', { flagId, reasonId: this.#stage.reason(random.between(0, 3)), message: 'More.' });
    else if (roll < 0.36) await helper.send('flag:claim', { flagId });
    else if (roll < 0.44) await helper.send('flag:release', { flagId });
    else if (roll < 0.62) await helper.send('side-chat:say', { sessionId, text: 'I look.' });
    else if (roll < 0.7) await helper.send('supervision:join', { sessionId });
    else if (roll < 0.88) {
      const who = random.chance(0.5) ? agent : helper;
      const answer = await who.send('flag:lower', { flagId, outcome: random.pick(outcomes) });
      if (answer.ok) one.flagId = null;
    } else if (roll < 0.92) {
      await agent.send('conversation:close', { conversationId });
      gone();
    } else if (roll < 0.96) {
      await one.customer.frame('close', { id: crypto.randomUUID(), conversationId });
      gone();
    } else if ((await this.#stage.of('Ines').send('supervision:take-over', { sessionId })).ok) gone();
  }

  async #serve(): Promise<Served> {
    const [agent, team] = this.#random.pick(agents);
    const customer = await this.#stage.floor.customer(this.#stage.home);
    await customer.frame('start', {
      id: crypto.randomUUID(),
      name: 'Rosa Iglesias',
      text: 'Hello?',
      queueId: this.#stage.queue(team),
    });
    const conversationId = (await customer.sees(
      'its conversation',
      ({ conversation }) => conversation?.id,
    )) as ConversationId;
    const { sessionId } = await this.#stage.of(agent).does('conversation:take', { conversationId });
    const served: Served = { agent, customer, conversationId, sessionId: sessionId as SessionId, flagId: null };
    this.#live.push(served);
    return served;
  }
}
