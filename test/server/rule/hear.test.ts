import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FlagId, RuleId } from '../../../shared/contract/id.ts';
import { limits } from '../../../shared/contract/limits.ts';
import type { RuleDefinition } from '../../../shared/contract/rule.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { cast, Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { definition } from '../../support/scenario.ts';
import { type Served, Stage } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

let floor: Floor;
let stage: Stage;
let away: Stage;
const roomy = cast.map((one) => ({ ...one, capacity: 50 }));
beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false });
  stage = await Stage.open(floor, await floor.organisation(roomy));
  away = await Stage.open(floor, await floor.organisation(roomy));
});
afterAll(() => floor.close());

let phrases = 0;
/** Words that nobody has said before. */
const newPhrase = (): string => {
  phrases += 1;
  return `marker ${phrases}`;
};
async function ruleFor(phrase: string, more: Partial<RuleDefinition> = {}): Promise<RuleId> {
  const made = await stage.of('Marta').does('rule:create', { ...definition(stage, phrase), ...more });
  return made.ruleId as RuleId;
}
const raisedIn = (served: Served) =>
  stage
    .of('Grace')
    .heard('flag:raised')
    .filter((event) => event.flag.sessionId === served.sessionId);
/** The flags of a session so far, once everybody has what happened. */
async function flagsOf(served: Served) {
  await stage.settle();
  return raisedIn(served).map((event) => event.flag);
}

describe('S1.17 a line that a rule hears', () => {
  test('raises a help flag that says which rule, whose line, the words, and the line itself', async () => {
    const phrase = newPhrase();
    const ruleId = await ruleFor(phrase, { name: 'Swallowed cards', reasonId: stage.reason(2) });
    const served = await stage.served();
    await served.customer.says(`Well. It was ${phrase.toUpperCase()}, as I said`);
    const event = await stage.of('Tomasz').hears('flag:raised');
    const session = await stage.of('Priya').sees('the flag', (live) => {
      const one = live.sessions.get(served.sessionId);
      return one?.flagId === null ? null : one;
    });
    expect(session.ruleIds).toEqual([ruleId]);
    expect(event.text).toBe(`Well. It was ${phrase.toUpperCase()}, as I said`);
    expect(event.by).toEqual({ kind: 'system' });
    expect(event.flag).toMatchObject({
      agentId: stage.home.person('Priya'),
      reasonId: stage.reason(2),
      targetAt: floor.now + (stage.of('Grace').now.reasons.get(stage.reason(2))?.targetMs ?? 0),
      source: { kind: 'rule', ruleId, ruleName: 'Swallowed cards', side: 'customer', heard: [phrase] },
    });
    const line = stage.of('Priya').heard('message:sent').at(-1);
    expect(event.flag.source).toMatchObject({ lineId: line?.entryId });
    expect(event.entryId).not.toBe(line?.entryId);
    // It is the agent's own flag: whoever serves lowers it.
    await stage.does('Priya', 'flag:lower', { flagId: event.flag.id, outcome: 'not_needed' });
  });

  test('reaches the agent, their supervisors and who sees every flag; nobody else, and no customer', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase, { name: 'canary-rule-name' });
    const served = await stage.served();
    const other = await floor.customer(stage.home);
    await other.start('Hello?');
    await served.customer.says(`It was ${phrase}.`);
    const [flag] = await flagsOf(served);
    if (flag === undefined) throw new Error('no flag');
    for (const name of ['Priya', 'Tomasz', 'Ines', 'Marta', 'Grace'] as const)
      expect(
        stage
          .of(name)
          .heard('flag:raised')
          .some((event) => event.flag.id === flag.id),
        name,
      ).toBe(true);
    for (const name of ['Omar', 'Leo', 'Mei'] as const)
      expect(JSON.stringify(stage.of(name).frames), name).not.toContain(flag.id);
    for (const customer of [served.customer, other]) {
      const hay = JSON.stringify(customer.frames);
      for (const word of ['canary-rule-name', 'rule', 'flag', flag.id]) expect(hay, word).not.toContain(word);
    }
    // The transcript of who may not read flags says nothing of it either.
    const token = await floor.token(stage.home, 'Omar');
    const page = await request(floor.url, 'GET', `/api/conversation/${served.conversationId}/transcript`, { token });
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('canary-rule-name');
  });

  test('keeps its words out of the log, as every flag does', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const served = await stage.served();
    await served.customer.says(`quite-private ${phrase}`);
    await flagsOf(served);
    const { rows } = await floor.db.system.query<{ type: string; row: string }>(
      `select type, row_to_json(log)::text as row from log where conversation_id = $1`,
      [served.conversationId],
    );
    expect(rows.map(({ type }) => type)).toContain('flag:raised');
    expect(rows.map(({ row }) => row).join()).not.toContain('quite-private');
    const { rows: kept } = await floor.db.system.query(
      `select kind, text from internal_entry where conversation_id = $1`,
      [served.conversationId],
    );
    expect(kept).toEqual([{ kind: 'flag-message', text: `quite-private ${phrase}` }]);
  });

  test('is cut for the flag so that the words stay in sight', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const served = await stage.served();
    await served.customer.says(`${'and so on '.repeat(200)}${phrase} ${'and so on '.repeat(50)}`);
    await flagsOf(served);
    const [event] = raisedIn(served);
    expect(event?.text.length).toBeLessThanOrEqual(limits.flagMessage);
    expect(event?.text).toContain(phrase);
  });
});

describe('S1.17 a rule raises', () => {
  test('once in a session, and again in the next', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const served = await stage.served();
    await served.customer.says(phrase);
    const [flag] = await flagsOf(served);
    await stage.does('Priya', 'flag:lower', { flagId: flag?.id as FlagId, outcome: 'answered' });
    await served.customer.says(`${phrase} again`);
    expect(await flagsOf(served)).toHaveLength(1);
    await stage.does('Priya', 'conversation:transfer', {
      conversationId: served.conversationId,
      to: { kind: 'queue', queueId: stage.queue('Banking') },
    });
    const { sessionId } = await stage.of('Omar').does('conversation:take', { conversationId: served.conversationId });
    await served.customer.says(`${phrase} for the third time`);
    expect(await flagsOf({ ...served, sessionId: sessionId as Served['sessionId'] })).toHaveLength(1);
  });

  test('nothing while a flag is up, whoever raised it; another rule may afterwards', async () => {
    const [one, two] = [newPhrase(), newPhrase()];
    await ruleFor(one);
    await ruleFor(two);
    const served = await stage.flagged();
    await served.customer.says(`${one} and ${two}`);
    expect(await flagsOf(served)).toHaveLength(1);
    await stage.does('Priya', 'flag:lower', { flagId: served.flagId, outcome: 'answered' });
    await served.customer.says(one);
    const up = (await flagsOf(served)).at(-1);
    expect(up?.source).toMatchObject({ heard: [one] });
    await stage.does('Priya', 'flag:lower', { flagId: up?.id as FlagId, outcome: 'answered' });
    await served.customer.says(`${one} ${two}`);
    expect((await flagsOf(served)).at(-1)?.source).toMatchObject({ heard: [two] });
  });

  test('one flag when two rules hear a line: that of the most urgent reason', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase, { reasonId: stage.reason(1) });
    const urgent = await ruleFor(phrase, { reasonId: stage.reason(4) });
    const served = await stage.served();
    await served.customer.says(phrase);
    expect((await flagsOf(served)).map(({ source }) => source)).toMatchObject([{ ruleId: urgent }]);
  });

  test('two lines in one batch raise one flag', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const served = await stage.served();
    await Promise.all([served.customer.says(phrase), served.customer.says(`${phrase} too`), served.customer.says('x')]);
    expect(await flagsOf(served)).toHaveLength(1);
  });

  test('only on the side, channels and queues it listens to', async () => {
    const [agents, elsewhere, either] = [newPhrase(), newPhrase(), newPhrase()];
    await ruleFor(agents, { side: 'agent' });
    await ruleFor(elsewhere, { queueIds: [stage.queue('Travel')] });
    await ruleFor(elsewhere, { channels: ['messaging'] });
    await ruleFor(either, { side: 'either', channels: ['chat'], queueIds: [stage.queue('Banking')] });
    const served = await stage.served();
    await served.customer.says(`${agents} ${elsewhere}`);
    expect(await flagsOf(served)).toEqual([]);
    await stage.does('Priya', 'message:send', { conversationId: served.conversationId, text: `You said ${agents}` });
    const [flag] = await flagsOf(served);
    expect(flag?.source).toMatchObject({ side: 'agent', heard: [agents] });
    await stage.does('Priya', 'flag:lower', { flagId: flag?.id as FlagId, outcome: 'answered' });
    // A supervisor who has joined is on the agent's side.
    await stage.does('Ines', 'supervision:join', { sessionId: served.sessionId });
    await stage.does('Ines', 'message:send', { conversationId: served.conversationId, text: either });
    expect((await flagsOf(served)).at(-1)?.source).toMatchObject({ side: 'agent', heard: [either] });
  });

  test('nothing where nobody serves the customer', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const { customer, conversationId } = await stage.waiting();
    await customer.says(phrase);
    await stage.settle();
    expect(
      stage
        .of('Grace')
        .heard('flag:raised')
        .some((event) => event.conversationId === conversationId),
    ).toBe(false);
  });

  test('nothing once it is stopped or removed, and what is said otherwise counts from the next line on', async () => {
    const [before, after] = [newPhrase(), newPhrase()];
    const input = definition(stage, before);
    const made = await stage.of('Marta').does('rule:create', input);
    const ruleId = made.ruleId as RuleId;
    const served = await stage.served();
    await stage.does('Marta', 'rule:redefine', { ...input, ruleId, words: { ...input.words, any: [after] } });
    await served.customer.says(before);
    await stage.does('Marta', 'rule:deactivate', { ruleId });
    await served.customer.says(after);
    expect(await flagsOf(served)).toEqual([]);
    await stage.does('Marta', 'rule:activate', { ruleId });
    await served.customer.says(after);
    expect(await flagsOf(served)).toHaveLength(1);
    const next = await stage.served();
    await stage.does('Marta', 'rule:remove', { ruleId });
    await next.customer.says(after);
    expect(await flagsOf(next)).toEqual([]);
  });

  test('nothing in fallback mode, and again after it', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const served = await stage.served();
    await stage.does('Marta', 'organisation:set-fallback', { on: true, note: 'The phones are down.' });
    await served.customer.says(phrase);
    expect(await flagsOf(served)).toEqual([]);
    await stage.does('Marta', 'organisation:set-fallback', { on: false });
    await served.customer.says(phrase);
    expect(await flagsOf(served)).toHaveLength(1);
  });

  test('nothing on Legacy chat unless an admin switched flags on for the agent’s team', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const customer = await floor.customer(stage.home);
    const text = 'Is this the old chat?';
    await customer.frame('start', { id: newId(Date.now()), name: 'Rosa', text, channel: 'legacy' });
    const { conversationId } = await customer.sees('the conversation', (one) => one.conversation && one);
    const { sessionId } = await stage.of('Priya').does('conversation:take', { conversationId });
    const served = { customer, conversationId, sessionId: sessionId as Served['sessionId'] };
    expect(stage.of('Priya').now.conversations.get(conversationId)?.channel).toBe('legacy');
    await customer.says(phrase);
    expect(await flagsOf(served)).toEqual([]);
    await stage.does('Marta', 'team:set-legacy-flag', { teamId: stage.home.team('Banking'), on: true });
    await customer.says(phrase);
    expect(await flagsOf(served)).toHaveLength(1);
    await stage.does('Marta', 'team:set-legacy-flag', { teamId: stage.home.team('Banking'), on: false });
  });

  test('nothing in another organisation, whose rules are its own', async () => {
    const phrase = newPhrase();
    await ruleFor(phrase);
    const served = await away.served();
    await served.customer.says(phrase);
    await away.settle();
    expect(away.of('Grace').heard('flag:raised')).toEqual([]);
    expect(JSON.stringify(away.of('Grace').frames)).not.toContain('rule:');
  });

  test('a flag that calls further at once where nobody is watching', async () => {
    const home = await floor.organisation([
      { name: 'Priya', role: 'agent', teams: ['Banking'] },
      { name: 'Marta', role: 'admin' },
    ]);
    const priya = await floor.staff(home, 'Priya');
    const marta = await floor.staff(home, 'Marta');
    const [reason] = priya.now.reasons.values();
    if (reason === undefined) throw new Error('there is no reason');
    await marta.does('rule:create', { ...definition(stage, 'swallowed'), reasonId: reason.id });
    marta.close();
    await until('Marta to be gone', async () => {
      await floor.pass(11_000);
      return priya.now.people.get(home.person('Marta'))?.reachable === false;
    });
    const customer = await floor.customer(home);
    const conversationId = await customer.start('Hello');
    await priya.does('conversation:take', { conversationId });
    await customer.says('My card was swallowed.');
    const event = await priya.hears('flag:escalated');
    expect(event).toMatchObject({ because: 'nobody_there', before: 'own', by: { kind: 'system' } });
  });
});

test('S1.17 the first line of a customer who comes back to a served conversation is heard too', async () => {
  const phrase = newPhrase();
  await ruleFor(phrase);
  const served = await stage.served();
  const tab = await floor.customer(stage.home, served.customer.visitor);
  await tab.frame('start', { id: newId(Date.now()), name: 'Rosa', text: phrase });
  expect(await flagsOf(served)).toHaveLength(1);
});

test('S1.17 nothing of all this was a mistake of the hub', () => {
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
