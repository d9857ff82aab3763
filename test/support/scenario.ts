import { createHash, randomUUID } from 'node:crypto';
import type { CommandInput, CommandName } from '../../shared/contract/command.ts';
import type { ReasonId, RuleId, TeamId } from '../../shared/contract/id.ts';
import type { Organisation } from '../../shared/contract/organisation.ts';
import type { RuleDefinition } from '../../shared/contract/rule.ts';
import type { CustomerClient } from './customer-client.ts';
import { messagingScenarios } from './messaging-scenario.ts';
import type { Stage, Viewer } from './stage.ts';

/** A situation in which a command succeeds, and who gives it: somebody of the staff, or the customer. */
export interface Scene<N extends CommandName> {
  readonly input: CommandInput<N>;
  readonly customer: CustomerClient | null;
}

export interface Scenario<N extends CommandName> {
  /** Who can do it there. */
  readonly by: Viewer | 'customer';
  /** What the command moves on live screens: their state, or nothing that a screen keeps (then an event alone tells). */
  readonly moves: 'screens' | 'nothing kept';
  prepare(stage: Stage): Promise<Scene<N>>;
}

export const tokenHash = (): string => createHash('sha256').update(randomUUID()).digest('hex');

const staffScene = <N extends CommandName>(input: CommandInput<N>): Scene<N> => ({ input, customer: null });
const unique = (name: string): string => `${name} ${randomUUID().slice(0, 8)}`;

async function team(stage: Stage): Promise<TeamId> {
  const made = await stage.of('Marta').does('team:create', { name: unique('Night desk') });
  return made.teamId as TeamId;
}

/** The reasons that can be chosen, in their order, as the hub has them now. */
function active(stage: Stage): ReasonId[] {
  const reasons = [...stage.of('Grace').now.reasons.values()].filter((one) => one.active);
  return reasons.sort((a, b) => a.order - b.order).map((one) => one.id);
}

/** A reason beside the presets, with room for more: the ones that earlier scenes made are archived. */
async function spare(stage: Stage): Promise<ReasonId> {
  await stage.settle();
  for (const reasonId of active(stage).slice(5)) await stage.does('Marta', 'reason:archive', { reasonId });
  const made = await stage.of('Marta').does('reason:create', { name: unique('Spare'), targetMs: 60_000 });
  await stage.settle();
  return made.reasonId as ReasonId;
}

/** A value of a setting that is not the one in force. */
function other<K extends keyof Organisation>(
  stage: Stage,
  key: K,
  values: readonly Organisation[K][],
): Organisation[K] {
  const now = stage.of('Grace').now.organisation[key];
  const [first] = values.filter((value) => value !== now);
  if (first === undefined) throw new Error(`there is no other ${key}`);
  return first;
}

/** A rule that hears one phrase in what customers say. */
export function definition(stage: Stage, phrase = 'swallowed whole'): RuleDefinition {
  return {
    name: unique('Machine'),
    side: 'customer',
    channels: [],
    queueIds: [],
    reasonId: stage.reason(),
    words: { any: [phrase], all: [], near: null, not: [] },
  };
}

async function rule(stage: Stage): Promise<RuleId> {
  const made = await stage.of('Marta').does('rule:create', definition(stage));
  return made.ruleId as RuleId;
}

/** For every command of the contract a situation in which it succeeds; a command without one does not compile. */
export const scenarios: { readonly [N in CommandName]: Scenario<N> } = {
  'organisation:set-monitoring': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ policy: other(stage, 'monitoring', ['silent', 'announced_after']) }),
  },
  'organisation:set-thresholds': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ warnPercent: other(stage, 'warnPercent', [50, 60]) }),
  },
  'organisation:set-escalation': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => {
      const { escalation } = stage.of('Grace').now.organisation;
      const afterMs = escalation[1]?.afterMs === 60_000 ? 90_000 : 60_000;
      return staffScene({
        steps: [
          { reach: 'own', afterMs: 0 },
          { reach: 'supervisors', afterMs },
        ],
      });
    },
  },
  'organisation:set-fallback': {
    by: 'Marta',
    moves: 'screens',
    prepare: async () => staffScene({ on: true, note: unique('The phones are down.') }),
  },
  'reason:create': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => {
      await spare(stage);
      return staffScene({ name: unique('Refund'), targetMs: 120_000 });
    },
  },
  'reason:rename': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ reasonId: stage.reason(), name: unique('Refund') }),
  },
  'reason:set-target': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => {
      const now = stage.of('Grace').now.reasons.get(stage.reason())?.targetMs;
      return staffScene({ reasonId: stage.reason(), targetMs: now === 90_000 ? 95_000 : 90_000 });
    },
  },
  'reason:reorder': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ reasonIds: active(stage).reverse() }),
  },
  'reason:archive': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ reasonId: await spare(stage) }),
  },
  'reason:restore': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => {
      const reasonId = await spare(stage);
      await stage.does('Marta', 'reason:archive', { reasonId });
      return staffScene({ reasonId });
    },
  },
  'team:set-legacy-flag': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ teamId: await team(stage), on: true }),
  },
  'team:create': { by: 'Marta', moves: 'screens', prepare: async () => staffScene({ name: unique('Loans') }) },
  'team:rename': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ teamId: await team(stage), name: unique('Day desk') }),
  },
  'team:archive': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ teamId: await team(stage) }),
  },
  'person:invite': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) =>
      staffScene({
        name: 'Noor',
        email: `${randomUUID()}@example.org`,
        role: 'agent',
        teamIds: [stage.home.team('Banking')],
        supervises: [],
        capacity: 2,
        tokenHash: tokenHash(),
      }),
  },
  'person:renew-invitation': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ personId: stage.home.person('Omar'), tokenHash: tokenHash() }),
  },
  'person:rename': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ personId: stage.home.person('Omar'), name: unique('Omar') }),
  },
  'person:set-role': {
    by: 'Marta',
    moves: 'screens',
    // A supervisor who becomes an agent loses the teams to supervise too: two facts that move rights, in one batch.
    prepare: async (stage) => {
      await stage.flagged();
      return staffScene({ personId: stage.home.person('Ines'), role: 'agent' });
    },
  },
  'person:set-teams': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => {
      await stage.flagged();
      return staffScene({
        personId: stage.home.person('Priya'),
        teamIds: [stage.home.team('Travel')],
        supervises: [],
      });
    },
  },
  'person:set-capacity': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => staffScene({ personId: stage.home.person('Omar'), capacity: 7 }),
  },
  'person:deactivate': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => {
      await stage.flagged();
      return staffScene({ personId: stage.home.person('Priya') });
    },
  },
  'person:reactivate': {
    by: 'Marta',
    moves: 'screens',
    prepare: async (stage) => {
      await stage.does('Marta', 'person:deactivate', { personId: stage.home.person('Leo') });
      return staffScene({ personId: stage.home.person('Leo') });
    },
  },
  'person:set-status': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => staffScene({ personId: stage.home.person('Priya'), status: 'break' }),
  },
  'person:sign-out-everywhere': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ personId: stage.home.person('Omar') }),
  },
  'conversation:start': {
    by: 'customer',
    moves: 'screens',
    prepare: async (stage) => ({
      input: { queueId: null, channel: 'chat', name: 'Rosa Iglesias', text: 'Is anybody there?' },
      customer: await stage.floor.customer(stage.home),
    }),
  },
  'message:send': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { conversationId, customer } = await stage.served();
      return { input: { conversationId, text: 'From which account?' }, customer };
    },
  },
  'conversation:mark-read': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { conversationId, customer } = await stage.served();
      await customer.says('Hello?');
      return { input: { conversationId }, customer };
    },
  },
  'conversation:transfer': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { conversationId, customer } = await stage.flagged();
      return { input: { conversationId, to: { kind: 'queue', queueId: stage.queue('Travel') } }, customer };
    },
  },
  'conversation:close': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { conversationId, customer } = await stage.flagged();
      return { input: { conversationId }, customer };
    },
  },
  'conversation:take': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { conversationId, customer } = await stage.waiting();
      return { input: { conversationId }, customer };
    },
  },
  'offer:accept': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { conversationId, offerId, customer } = await stage.offered();
      return { input: { conversationId, offerId }, customer };
    },
  },
  'offer:decline': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { conversationId, offerId, customer } = await stage.offered();
      return { input: { conversationId, offerId }, customer };
    },
  },
  'side-chat:say': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { sessionId, customer } = await stage.flagged();
      return { input: { sessionId, text: 'Read the payee back to her first.' }, customer };
    },
  },
  'side-chat:mark-read': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { sessionId, customer } = await stage.served();
      await stage.does('Ines', 'side-chat:say', { sessionId, text: 'I am here.' });
      return { input: { sessionId }, customer };
    },
  },
  'supervision:monitor': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { sessionId, customer } = await stage.served();
      return { input: { sessionId }, customer };
    },
  },
  'supervision:join': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { sessionId, customer } = await stage.flagged(true);
      return { input: { sessionId }, customer };
    },
  },
  'supervision:leave': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { sessionId, customer } = await stage.flagged();
      await stage.does('Tomasz', 'supervision:join', { sessionId });
      return { input: { sessionId }, customer };
    },
  },
  'supervision:take-over': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { sessionId, customer } = await stage.flagged();
      return { input: { sessionId }, customer };
    },
  },
  'flag:raise': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { sessionId, customer } = await stage.served();
      return { input: { sessionId, reasonId: stage.reason(), message: 'Above my limit.', askJoin: true }, customer };
    },
  },
  'flag:amend': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged();
      return { input: { flagId, reasonId: stage.reason(1), message: 'She is getting angry.' }, customer };
    },
  },
  'flag:mark-delivered': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged();
      return { input: { flagId }, customer };
    },
  },
  'flag:mark-seen': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged();
      return { input: { flagId }, customer };
    },
  },
  'flag:claim': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged();
      return { input: { flagId }, customer };
    },
  },
  'flag:release': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged();
      await stage.does('Tomasz', 'flag:claim', { flagId });
      return { input: { flagId }, customer };
    },
  },
  'flag:ask-join': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged();
      return { input: { flagId }, customer };
    },
  },
  'flag:decline-join': {
    by: 'Tomasz',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged(true);
      return { input: { flagId, word: 'Try the back office first.' }, customer };
    },
  },
  'flag:lower': {
    by: 'Priya',
    moves: 'screens',
    prepare: async (stage) => {
      const { flagId, customer } = await stage.flagged();
      return { input: { flagId, outcome: 'answered' }, customer };
    },
  },
  ...messagingScenarios,
  'rule:create': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ ...definition(stage), queueIds: [stage.queue('Banking')] }),
  },
  'rule:redefine': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ ruleId: await rule(stage), ...definition(stage, 'eaten up') }),
  },
  'rule:activate': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => {
      const ruleId = await rule(stage);
      await stage.does('Marta', 'rule:deactivate', { ruleId });
      return staffScene({ ruleId });
    },
  },
  'rule:deactivate': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ ruleId: await rule(stage) }),
  },
  'rule:remove': {
    by: 'Marta',
    moves: 'nothing kept',
    prepare: async (stage) => staffScene({ ruleId: await rule(stage) }),
  },
};

/** What a customer's frame is called that carries this command, and the frame. */
export function customerFrame(name: CommandName, id: string, input: unknown): ['start' | 'send' | 'close', object] {
  const given = input as Record<string, unknown>;
  if (name === 'conversation:start') {
    const { queueId, ...rest } = given;
    return ['start', { id, ...rest, ...(queueId === null ? {} : { queueId }) }];
  }
  if (name === 'message:send') return ['send', { id, ...given }];
  if (name === 'conversation:close') return ['close', { id, ...given }];
  throw new Error(`no customer's frame carries ${name}`);
}
