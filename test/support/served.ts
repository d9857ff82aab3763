import type { Flag } from '../../shared/contract/flag.ts';
import type { ConversationId, SessionId } from '../../shared/contract/id.ts';
import type { CustomerClient } from './customer-client.ts';
import type { Floor, TestOrganisation } from './floor.ts';
import type { StaffClient } from './staff-client.ts';

/** A conversation that an agent serves, made over real sockets: a short way to where a browser test begins. */
export interface Served {
  readonly customer: CustomerClient;
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
}

/** A customer writes, and the agent takes the conversation. @param agent somebody of the team that the customer reaches */
export async function served(
  floor: Floor,
  whose: TestOrganisation,
  agent: StaffClient,
  said: { readonly name?: string; readonly words?: string } = {},
): Promise<Served> {
  const customer = await floor.customer(whose);
  const conversationId = await customer.start(said.words ?? 'My card was swallowed by the machine.', said.name);
  await agent.does('conversation:take', { conversationId });
  const sessionId = await agent.sees('the session', (live) => live.conversations.get(conversationId)?.sessionId);
  return { customer, conversationId, sessionId };
}

/** Raises a flag with the first reason, and waits until its agent's screen has it. */
export async function raised(
  agent: StaffClient,
  { sessionId }: Pick<Served, 'sessionId'>,
  message: string,
  askJoin = false,
): Promise<Flag> {
  const reasons = [...agent.now.reasons.values()].sort((a, b) => a.order - b.order);
  const [reason] = reasons;
  if (reason === undefined) throw new Error('this organisation has no reasons');
  await agent.does('flag:raise', { sessionId, reasonId: reason.id, message, askJoin });
  return agent.sees('the flag', (live) => [...live.flags.values()].find((flag) => flag.sessionId === sessionId));
}

/** Flags call the agent's own supervisors and nobody else, however long a test takes. */
export async function callsNobodyFurther(floor: Floor, whose: TestOrganisation): Promise<void> {
  const marta = await floor.staff(whose, 'Marta');
  await marta.does('organisation:set-escalation', { steps: [{ reach: 'own', afterMs: 0 }] });
  marta.close();
}
