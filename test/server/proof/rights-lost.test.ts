import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { Stage, type Viewer } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/** I8: whoever loses a right gets nothing more within 1 s: no event, no mark, no answer, no connection. */
let floor: Floor;
let stage: Stage;
beforeAll(async () => {
  floor = await Floor.start({ rates: false });
});
beforeEach(async () => {
  stage = await Stage.open(floor);
});
afterAll(() => floor.close());

const me = (name: Viewer) => ({ personId: stage.home.person(name) });

describe('somebody who may no longer come in', () => {
  test.each(['person:deactivate', 'person:sign-out-everywhere'] as const)(
    '%s closes every screen and door',
    async (command) => {
      const token = await floor.token(stage.home, 'Leo');
      const second = await StaffClient.connect({ url: floor.url, token, organisationId: stage.home.id });
      const from = performance.now();
      await stage.does('Marta', command, me('Leo'));
      await until('both screens to be closed', () => [stage.of('Leo'), second].every((screen) => screen.ended));
      expect(performance.now() - from).toBeLessThan(1000);
      const heard = [stage.of('Leo').frames.length, second.frames.length];
      await stage.does('Omar', 'person:set-status', { ...me('Omar'), status: 'break' });
      await stage.settle();
      expect([stage.of('Leo').frames.length, second.frames.length]).toEqual(heard);
      expect((await request(floor.url, 'GET', '/auth/me', { token })).status).toBe(401);
      // The token opens no door any more.
      const refused = new Promise<Error>((told) => {
        second.socket.once('connect_error', told);
      });
      second.socket.connect();
      expect((await refused).message).toBe('not_signed_in');
    },
  );

  test('signing out of one session closes its screens, and leaves the person’s others', async () => {
    const token = await floor.token(stage.home, 'Leo');
    const second = await StaffClient.connect({ url: floor.url, token, organisationId: stage.home.id });
    expect((await request(floor.url, 'POST', '/auth/sign-out', { token, body: {} })).status).toBe(200);
    await until('that screen to be closed', () => second.ended, 1000);
    await stage.settle();
    expect(stage.of('Leo').ended).toBe(false);
    expect(stage.of('Leo').socket.connected).toBe(true);
  });
});

test('a supervisor whose teams are taken hears nothing of them any more, and may do nothing there', async () => {
  const { conversationId, sessionId, flagId } = await stage.flagged();
  await stage.does('Tomasz', 'supervision:join', { sessionId });
  await stage.does('Marta', 'person:set-teams', { ...me('Tomasz'), teamIds: [], supervises: [] });
  await stage.settle();
  const tomasz = stage.of('Tomasz');
  const before = tomasz.events.length;
  await stage.does('Priya', 'message:send', { conversationId, text: 'Without you.' });
  await stage.does('Priya', 'side-chat:say', { sessionId, text: 'Without you.' });
  await stage.settle();
  expect(tomasz.events.slice(before)).toEqual([]);
  expect([tomasz.now.conversations.size, tomasz.now.sessions.size, tomasz.now.flags.size]).toEqual([0, 0, 0]);
  expect(await tomasz.refused('message:send', { conversationId, text: 'I?' })).toBe('not_joined');
  expect(await tomasz.refused('flag:claim', { flagId })).toBe('not_found');
  expect(await tomasz.refused('side-chat:say', { sessionId, text: 'I?' })).toBe('not_found');
  const token = await floor.token(stage.home, 'Tomasz');
  const page = await request(floor.url, 'GET', `/api/conversation/${conversationId}/transcript`, { token });
  expect(page.status).toBe(404);
});

test('who writes is no longer shown to whom the conversation has left', async () => {
  const { conversationId, customer } = await stage.served();
  const marksOf = (name: Viewer): number => stage.of(name).marks.length;
  const types = async (seenBy: Viewer): Promise<void> => {
    const before = marksOf(seenBy);
    // A mark may be lost, and widgets send it again and again.
    await until('the mark', () => {
      customer.socket.emit('typing', true);
      return marksOf(seenBy) > before;
    });
    await stage.settle();
  };
  await types('Priya');
  const to = { kind: 'queue', queueId: stage.queue('Travel') } as const;
  await stage.does('Priya', 'conversation:transfer', { conversationId, to });
  await stage.settle();
  const before = [marksOf('Priya'), marksOf('Tomasz')];
  await types('Mei');
  expect([marksOf('Priya'), marksOf('Tomasz')]).toEqual(before);
});
