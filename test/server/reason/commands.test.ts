import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReasonId } from '../../../shared/contract/id.ts';
import { limits } from '../../../shared/contract/limits.ts';
import { Floor } from '../../support/floor.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { Stage } from '../../support/stage.ts';

let floor: Floor;
let stage: Stage;
let marta: StaffClient;

beforeEach(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false });
  stage = await Stage.open(floor);
  marta = stage.of('Marta');
});
afterEach(async () => {
  stage.close();
  await floor.close();
});

/** Names in the order of the dialog, as one person's screen holds them. */
const names = (screen: StaffClient): string[] =>
  [...screen.now.reasons.values()]
    .filter((one) => one.active)
    .sort((a, b) => a.order - b.order)
    .map((one) => `${one.order} ${one.name}`);
const presets = ['1 Approval needed', '2 Policy question', '3 Escalation', '4 Something broke', '5 I feel unsafe'];
const ids = (): ReasonId[] =>
  [...marta.now.reasons.values()]
    .filter((one) => one.active)
    .sort((a, b) => a.order - b.order)
    .map((one) => one.id);
const raise = (sessionId: string, reasonId: ReasonId) =>
  ({ sessionId: sessionId as never, reasonId, message: 'Help.', askJoin: false }) as const;

describe('S1.11: reasons of help flags', () => {
  test('one more stands last in every dialog at once, under the next number', async () => {
    expect(names(stage.of('Priya'))).toEqual(presets);
    const made = await marta.does('reason:create', { name: ' Refund ', targetMs: 90_000 });
    await stage.settle();
    for (const screen of stage.screens.values()) expect(names(screen)).toEqual([...presets, '6 Refund']);
    const { sessionId } = await stage.served();
    const { flagId } = await stage.of('Priya').does('flag:raise', raise(sessionId, made.reasonId as ReasonId));
    const flag = await stage.of('Ines').sees('the flag', (live) => live.flags.get(flagId as never));
    expect(flag.targetAt - flag.raisedAt).toBe(90_000);
  });

  test('a name that is taken is refused whatever its case, an archived one is free, and there are 20 at most', async () => {
    expect(await marta.refused('reason:create', { name: 'ESCALATION', targetMs: 60_000 })).toBe('name_taken');
    const [, , escalation] = ids();
    await marta.does('reason:archive', { reasonId: escalation as ReasonId });
    await marta.does('reason:create', { name: 'Escalation', targetMs: 60_000 });
    expect(await marta.refused('reason:restore', { reasonId: escalation as ReasonId })).toBe('name_taken');
    await stage.settle();
    for (let at = ids().length; at < limits.reasons; at += 1)
      await marta.does('reason:create', { name: `Reason ${at}`, targetMs: 60_000 });
    expect(await marta.refused('reason:create', { name: 'One too many', targetMs: 60_000 })).toBe('limit_reached');
  });

  test('a new name shows everywhere, on flags that are up too; a new target holds for new flags', async () => {
    const { flagId } = await stage.flagged();
    const [reasonId] = ids() as [ReasonId];
    await marta.does('reason:rename', { reasonId, name: 'Sign-off' });
    await marta.does('reason:set-target', { reasonId, targetMs: 30_000 });
    await stage.settle();
    const ines = stage.of('Ines').now;
    const flag = ines.flags.get(flagId);
    expect(ines.reasons.get(flag?.reasonId as ReasonId)?.name).toBe('Sign-off');
    expect((flag?.targetAt ?? 0) - (flag?.raisedAt ?? 0)).toBe(4 * 60_000);
    const { sessionId } = await stage.served();
    await stage.of('Priya').does('flag:raise', raise(sessionId, reasonId));
    const raised = await stage
      .of('Ines')
      .sees('the new flag', (live) => [...live.flags.values()].find((one) => one.sessionId === sessionId));
    expect(raised.targetAt - raised.raisedAt).toBe(30_000);
    expect(await marta.refused('reason:rename', { reasonId, name: 'escalation' })).toBe('name_taken');
    const position = await stage.settle();
    await marta.does('reason:rename', { reasonId, name: 'Sign-off' });
    await marta.does('reason:set-target', { reasonId, targetMs: 30_000 });
    expect(await stage.settle()).toBe(position);
  });

  test('the order is the keys: it is set as a whole, and an old one is refused', async () => {
    const order = ids().reverse();
    await marta.does('reason:reorder', { reasonIds: order });
    await stage.settle();
    expect(names(stage.of('Priya')).map((one) => one.slice(2))).toEqual(presets.map((one) => one.slice(2)).reverse());
    const [first, second] = order as [ReasonId, ReasonId];
    for (const reasonIds of [order.slice(1), [...order, first], [second, second, ...order.slice(2)]])
      expect(await marta.refused('reason:reorder', { reasonIds })).toBe('not_found');
  });

  test('twenty of them are put in order, archived and restored like five', async () => {
    for (let at = ids().length; at < limits.reasons; at += 1)
      await marta.does('reason:create', { name: `Reason ${at}`, targetMs: 60_000 });
    await stage.settle();
    const order = ids().reverse();
    await marta.does('reason:reorder', { reasonIds: order });
    await stage.settle();
    expect(ids()).toEqual(order);
    const [first, ...others] = order as [ReasonId, ...ReasonId[]];
    await marta.does('reason:archive', { reasonId: first });
    await stage.settle();
    expect(ids()).toEqual(others);
    await marta.does('reason:restore', { reasonId: first });
    await stage.settle();
    expect(ids()).toEqual([...others, first]);
    expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('an archived one cannot be chosen, flags that were raised with it keep it, and the keys have no hole', async () => {
    const { flagId, sessionId } = await stage.flagged();
    const [first, second] = ids() as [ReasonId, ReasonId];
    await marta.does('reason:archive', { reasonId: first });
    await stage.settle();
    expect(names(stage.of('Priya'))).toEqual([
      '1 Policy question',
      '2 Escalation',
      '3 Something broke',
      '4 I feel unsafe',
    ]);
    const priya = stage.of('Priya');
    expect(priya.now.reasons.get(first)?.name).toBe('Approval needed');
    await priya.does('flag:amend', { flagId, reasonId: first, message: 'Other words, the old reason.' });
    await priya.does('flag:amend', { flagId, reasonId: second, message: 'And another one.' });
    expect(await priya.refused('flag:amend', { flagId, reasonId: first, message: 'Back.' })).toBe('not_found');
    await priya.does('flag:lower', { flagId, outcome: 'answered' });
    expect(await priya.refused('flag:raise', raise(sessionId, first))).toBe('not_found');
    await marta.does('reason:restore', { reasonId: first });
    await stage.settle();
    expect(names(priya).at(-1)).toBe('5 Approval needed');
    await priya.does('flag:raise', raise(sessionId, first));
  });

  test('the last one stays, and one that a rule uses', async () => {
    const [first, ...others] = ids() as [ReasonId, ...ReasonId[]];
    await floor.db.system.query(
      `insert into rule (id, organisation_id, name, active, side, channels, queue_ids, reason_id, words)
        values ('00000000-0000-7000-8000-000000000002', $1, 'Threats', false, 'customer', '{chat}', '{}', $2, '[]')`,
      [stage.home.id, others[0]],
    );
    expect(await marta.send('reason:archive', { reasonId: others[0] as ReasonId })).toMatchObject({
      refusal: { code: 'reason_in_use', message: 'The rule Threats raises flags with this reason.' },
    });
    await floor.db.system.query('update rule set removed = true where organisation_id = $1', [stage.home.id]);
    for (const reasonId of others) await marta.does('reason:archive', { reasonId });
    expect(await marta.send('reason:archive', { reasonId: first })).toMatchObject({
      refusal: { code: 'reason_in_use', message: 'Agents need at least one reason to choose.' },
    });
  });

  test('what is no name and no time is refused, and so is whoever may not', async () => {
    const [reasonId] = ids() as [ReasonId];
    for (const targetMs of [0, 9999, 10_000.5, 24 * 3_600_000 + 1, Number.NaN, '60000'])
      expect(await marta.refused('reason:set-target', { reasonId, targetMs: targetMs as number })).toBe('bad_input');
    for (const name of ['', ' ', 'two\nlines', 'x'.repeat(81), '\u0000'])
      expect(await marta.refused('reason:create', { name, targetMs: 60_000 })).toBe('bad_input');
    for (const who of ['Priya', 'Ines'] as const) {
      expect(await stage.of(who).refused('reason:create', { name: 'Mine', targetMs: 60_000 })).toBe('not_permitted');
      expect(await stage.of(who).refused('reason:archive', { reasonId })).toBe('not_permitted');
    }
    expect(names(marta)).toEqual(presets);
  });
});

test('thresholds: from which share of its target a flag warns, for every screen at once and within bounds', async () => {
  expect(stage.of('Priya').now.organisation.warnPercent).toBe(75);
  await marta.does('organisation:set-thresholds', { warnPercent: 40 });
  await stage.settle();
  for (const screen of stage.screens.values()) expect(screen.now.organisation.warnPercent).toBe(40);
  for (const warnPercent of [9, 96, 50.5, Number.NaN])
    expect(await marta.refused('organisation:set-thresholds', { warnPercent })).toBe('bad_input');
  expect(await stage.of('Ines').refused('organisation:set-thresholds', { warnPercent: 50 })).toBe('not_permitted');
  const position = await stage.settle();
  await marta.does('organisation:set-thresholds', { warnPercent: 40 });
  expect(await stage.settle()).toBe(position);
});
