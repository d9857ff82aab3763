import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../shared/contract/uuid.ts';
import { Floor } from '../../support/floor.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { Stage, shown } from '../../support/stage.ts';

/** A clock that is set back by an hour, or stands still: what counts is the order of the log. */
let floor: Floor;
let stage: Stage;
beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false });
  stage = await Stage.open(floor);
});
afterAll(() => floor.close());

test.each([0, -3_600_000, 3_600_000])(
  'a customer who ends a chat and begins another %i ms later is shown the open one',
  async (ms) => {
    const rosa = await floor.customer(stage.home);
    for (let round = 0; round < 3; round += 1) {
      const before = await rosa.start(`Round ${round}`);
      await rosa.frame('close', { id: newId(Date.now()), conversationId: before });
      await rosa.sees('the end', ({ conversation }) => conversation?.state === 'closed');
      await floor.pass(ms);
      const answer = await rosa.frame('start', { id: newId(Date.now()), name: 'Rosa', text: 'Once more.' });
      if (!answer.ok) throw new Error(answer.refusal.message);
      const open = answer.value?.conversationId;
      const late = await floor.customer(stage.home, rosa.visitor);
      expect(late.conversation).toMatchObject({ id: open, state: 'waiting' });
      expect(late.said).toEqual(['customer: Once more.']);
      late.close();
      await rosa.sees('the open one', ({ conversation }) => conversation?.id === open);
      await rosa.frame('close', { id: newId(Date.now()), conversationId: open });
      await rosa.sees('the end', ({ conversation }) => conversation?.state === 'closed');
    }
    rosa.close();
  },
);

test('screens stay as the database is when the clock is set back in the middle of a session', async () => {
  const { conversationId, flagId, customer } = await stage.flagged();
  await floor.pass(-3_600_000);
  await customer.says('Are you there?');
  await stage.does('Tomasz', 'flag:claim', { flagId });
  await stage.does('Priya', 'message:send', { conversationId, text: 'I am.' });
  await stage.does('Priya', 'conversation:close', { conversationId });
  await stage.settle();
  expect(customer.said.slice(-3)).toEqual(['customer: Are you there?', 'agent: I am.', 'notice: closed']);
  for (const [name, screen] of stage.screens) {
    const token = await floor.token(stage.home, name);
    const fresh = await StaffClient.connect({ url: floor.url, token, organisationId: stage.home.id });
    expect(shown(screen.now, floor.now), name).toEqual(shown(fresh.now, floor.now));
    fresh.close();
  }
});
