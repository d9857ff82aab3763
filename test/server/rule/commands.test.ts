import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QueueId, ReasonId, RuleId } from '../../../shared/contract/id.ts';
import { limits } from '../../../shared/contract/limits.ts';
import type { RuleDefinition, RuleWords } from '../../../shared/contract/rule.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { Floor } from '../../support/floor.ts';
import { definition } from '../../support/scenario.ts';
import { Stage } from '../../support/stage.ts';

let floor: Floor;
let stage: Stage;
beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  stage = await Stage.open(floor);
});
afterAll(() => floor.close());

const marta = () => stage.of('Marta');
const create = async (input: RuleDefinition): Promise<RuleId> =>
  (await marta().does('rule:create', input)).ruleId as RuleId;
const withWords = (words: Partial<RuleWords>): RuleDefinition => ({
  ...definition(stage),
  words: { any: [], all: [], near: null, not: [], ...words },
});
const version = async (): Promise<number> => {
  const { rows } = await floor.db.system.query<{ version: number }>(
    'select version from rule_set where organisation_id = $1',
    [stage.home.id],
  );
  return rows[0]?.version ?? 0;
};

describe('S1.17 a rule', () => {
  test('is made, said otherwise, stopped, started and removed, and each is a fact in the log with before and after', async () => {
    const first = definition(stage);
    const ruleId = await create({
      ...first,
      name: `  ${first.name} `,
      words: { ...first.words, any: [' refund ', 'refund'] },
    });
    await marta().does('rule:redefine', { ...first, ruleId, side: 'agent', channels: ['chat', 'legacy'] });
    await marta().does('rule:deactivate', { ruleId });
    await marta().does('rule:deactivate', { ruleId });
    await marta().does('rule:activate', { ruleId });
    await marta().does('rule:remove', { ruleId });
    const about = marta().events.filter((event) => JSON.stringify(event).includes(ruleId));
    expect(about.map(({ type }) => type)).toEqual([
      'rule:created',
      'rule:redefined',
      'rule:deactivated',
      'rule:activated',
      'rule:removed',
    ]);
    const [made, said] = about;
    if (made?.type !== 'rule:created' || said?.type !== 'rule:redefined') throw new Error('wrong facts');
    expect(made.rule).toMatchObject({ name: first.name, active: true, words: { any: ['refund'] } });
    expect(said.before).toEqual(made.rule);
    expect(said.rule).toMatchObject({ side: 'agent', channels: ['chat', 'legacy'], words: first.words });
    expect(await version()).toBe(about.at(-1)?.position);
    const { rows } = await floor.db.system.query(
      'select removed, channels, actor from rule, log where rule.id = $1 and log.type = $2 and log.organisation_id = $3 order by position desc limit 1',
      [ruleId, 'rule:removed', stage.home.id],
    );
    expect(rows).toEqual([
      { removed: true, channels: ['chat', 'legacy'], actor: { kind: 'person', id: stage.home.person('Marta') } },
    ]);
  });

  test('that is saved unchanged is no fact', async () => {
    const words: RuleWords = {
      any: ['a b'],
      all: ['cd'],
      near: { first: 'x y', second: 'z*  '.trim().replace('z', 'zzz'), within: 3 },
      not: ['no'],
    };
    const input = { ...definition(stage), words, queueIds: [stage.queue('Banking')] };
    const ruleId = await create(input);
    const before = await version();
    await marta().does('rule:redefine', { ...input, ruleId });
    expect(await version()).toBe(before);
  });

  test('is nobody’s business but of those who set up flags: nobody else hears of it', async () => {
    await create(definition(stage));
    await stage.settle();
    for (const name of ['Priya', 'Omar', 'Leo', 'Tomasz', 'Mei', 'Ines'] as const)
      expect(JSON.stringify(stage.of(name).frames), name).not.toContain('rule:');
    for (const name of ['Marta', 'Grace'] as const)
      expect(stage.of(name).heard('rule:created').length).toBeGreaterThan(0);
  });
});

describe('S1.17 is refused', () => {
  const codeOf = async (input: RuleDefinition): Promise<string> => marta().refused('rule:create', input);

  test.each([
    [{}, 'bad_input'],
    [{ not: ['refund'] }, 'bad_input'],
    [{ any: ['...'] }, 'bad_input'],
    [{ any: ['refund'], not: ['!'] }, 'bad_input'],
    [{ any: ['re*fund'] }, 'bad_input'],
    [{ near: { first: 'refund', second: '?', within: 2 } }, 'bad_input'],
    [{ near: { first: 'refund', second: 'money', within: 0 } }, 'bad_input'],
    [{ near: { first: 'refund', second: 'money', within: limits.near + 1 } }, 'bad_input'],
    [{ any: ['x'.repeat(limits.phrase + 1)] }, 'bad_input'],
    [{ any: ['a\nb'] }, 'bad_input'],
    [{ any: Array.from({ length: limits.phrases + 1 }, (_, at) => `word ${at}`) }, 'bad_input'],
    [{ any: ['a'] }, 'rule_too_broad'],
    [{ any: ['refund', 'a'] }, 'rule_too_broad'],
    [{ all: ['a', 'i'] }, 'rule_too_broad'],
    [{ near: { first: 'a', second: 'i', within: 5 } }, 'rule_too_broad'],
    [{ any: ['re*'] }, 'rule_too_broad'],
    [{ any: ['my a*'] }, 'rule_too_broad'],
  ] as [Partial<RuleWords>, string][])('%j', async (words, code) => {
    expect(await codeOf(withWords(words))).toBe(code);
  });

  test.each([
    [{ all: ['a', 'refund'] }],
    [{ any: ['a'], near: { first: 'refund', second: 'i', within: 5 } }],
    [{ any: ['a b'] }],
    [{ any: ['ref*'] }],
    [{ any: ['退'] }],
  ] as [Partial<RuleWords>][])('but not %j', async (words) => {
    await create(withWords(words));
  });

  test('a name that is taken, in whatever case; not its own', async () => {
    const input = definition(stage);
    const ruleId = await create(input);
    expect(await codeOf({ ...definition(stage), name: input.name.toUpperCase() })).toBe('name_taken');
    await marta().does('rule:redefine', { ...input, ruleId, name: input.name.toUpperCase() });
    const other = await create(definition(stage));
    expect(await marta().refused('rule:redefine', { ...input, ruleId: other })).toBe('name_taken');
    await marta().does('rule:remove', { ruleId });
    await create(input);
  });

  test('a reason or a queue that nobody can choose', async () => {
    expect(await codeOf({ ...definition(stage), reasonId: newId<'reason'>(0) })).toBe('not_found');
    expect(await codeOf({ ...definition(stage), queueIds: [newId<'queue'>(0)] })).toBe('not_found');
    const made = await marta().does('reason:create', { name: 'Only once', targetMs: 60_000 });
    const reasonId = made.reasonId as ReasonId;
    await marta().does('reason:archive', { reasonId });
    expect(await codeOf({ ...definition(stage), reasonId })).toBe('not_found');
    const team = await marta().does('team:create', { name: 'Loans for a day' });
    const queueIds = [team.queueId as QueueId];
    const kept = await create({ ...definition(stage), queueIds });
    await marta().does('team:archive', { teamId: team.teamId as never });
    expect(await codeOf({ ...definition(stage), queueIds })).toBe('not_found');
    // Who has it already may keep it.
    await marta().does('rule:redefine', { ...definition(stage), ruleId: kept, queueIds });
  });

  test('a reason that a rule raises with cannot be archived', async () => {
    const made = await marta().does('reason:create', { name: 'Of a rule', targetMs: 60_000 });
    const reasonId = made.reasonId as ReasonId;
    const ruleId = await create({ ...definition(stage), reasonId });
    expect(await marta().refused('reason:archive', { reasonId })).toBe('reason_in_use');
    await marta().does('rule:remove', { ruleId });
    await marta().does('reason:archive', { reasonId });
  });

  test('what is not there, or was removed', async () => {
    const gone = await create(definition(stage));
    await marta().does('rule:remove', { ruleId: gone });
    for (const ruleId of [gone, newId<'rule'>(0)]) {
      expect(await marta().refused('rule:redefine', { ...definition(stage), ruleId })).toBe('not_found');
      for (const name of ['rule:activate', 'rule:deactivate', 'rule:remove'] as const)
        expect(await marta().refused(name, { ruleId }), name).toBe('not_found');
    }
  });

  test('one more than there can be', async () => {
    const home = await floor.organisation();
    const admin = await floor.staff(home, 'Marta');
    const [reason] = admin.now.reasons.values();
    if (reason === undefined) throw new Error('there is no reason');
    await floor.db.system.query(
      `insert into rule (id, organisation_id, name, active, side, channels, queue_ids, reason_id, words)
        select gen_random_uuid(), $1, 'Rule ' || at, true, 'either', '{}', '{}', $2, '{"any":["x y"],"all":[],"near":null,"not":[]}'
          from generate_series(1, $3) at`,
      [home.id, reason.id, limits.rules],
    );
    const input = { ...definition(stage), reasonId: reason.id };
    expect(await admin.refused('rule:create', input)).toBe('limit_reached');
  });
});
