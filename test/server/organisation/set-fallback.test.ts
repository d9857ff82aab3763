import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FlagId, SessionId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { cast, Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { Stage } from '../../support/stage.ts';

const now = Date.UTC(2026, 0, 5, 9);
let floor: Floor;
let stage: Stage;
let other: Stage;

beforeAll(async () => {
  floor = await Floor.start({ now, rates: false });
  stage = await Stage.open(floor);
  other = await Stage.open(floor, await floor.organisation(cast, 'Harbour Travel'));
});
afterAll(async () => {
  stage.close();
  other.close();
  await floor.close();
});

const on = (note: string) => stage.does('Marta', 'organisation:set-fallback', { on: true, note });
const off = () => stage.does('Grace', 'organisation:set-fallback', { on: false });

test('S1.6: by switch every entrance refuses by name, by socket and by HTTP, and nothing is written', async () => {
  const up = await stage.flagged();
  const free = await stage.served();
  await on(' The supervisors are in a fire drill. ');
  const everybody = [...stage.screens.values()];
  for (const screen of everybody) {
    const { fallback } = (await screen.sees('fallback', (live) => live.organisation.fallback && live)).organisation;
    expect(fallback).toEqual({
      by: stage.home.person('Marta'),
      since: now,
      note: 'The supervisors are in a fire drill.',
    });
  }
  const before = await stage.settle();

  const reasonId = stage.reason();
  const calls = [
    ['flag:raise', { sessionId: free.sessionId, reasonId, message: 'Help.', askJoin: false }],
    // Raising again would amend what is up.
    ['flag:raise', { sessionId: up.sessionId, reasonId, message: 'Help.', askJoin: true }],
    ['flag:amend', { flagId: up.flagId, reasonId, message: 'Help.' }],
    ['flag:ask-join', { flagId: up.flagId }],
  ] as const;
  const token = await floor.token(stage.home, 'Priya');
  for (const [name, input] of calls) {
    const answer = await stage.of('Priya').send(name, input);
    expect([name, answer]).toEqual([
      name,
      {
        ok: false,
        refusal: {
          code: 'fallback_mode',
          message: 'Flags are switched off: The supervisors are in a fire drill.',
          next: 'Ask a supervisor in person or by phone. Flags that are up can still be lowered.',
          detail: { why: 'switched', since: now },
        },
      },
    ]);
    const http = await request(floor.url, 'POST', `/api/command/${name}`, { token, body: { id: newId(now), input } });
    expect([name, http.status, http.code]).toEqual([name, 503, 'fallback_mode']);
  }
  expect(await stage.settle()).toBe(before);

  // What is up goes on: it can be taken, answered, talked about and lowered.
  await stage.does('Ines', 'flag:claim', { flagId: up.flagId });
  await stage.does('Ines', 'side-chat:say', { sessionId: up.sessionId, text: 'I am on it.' });
  await stage.does('Priya', 'side-chat:say', { sessionId: up.sessionId, text: 'Thank you.' });
  await stage.does('Ines', 'flag:release', { flagId: up.flagId });
  await stage.does('Priya', 'flag:lower', { flagId: up.flagId, outcome: 'answered' });

  // Another organisation has nothing to do with it.
  const elsewhere = await other.flagged();
  await other.of('Ines').sees('the flag', (live) => live.flags.has(elsewhere.flagId));
  expect(other.of('Grace').now.organisation.fallback).toBeNull();

  await off();
  await stage.of('Priya').sees('the end', (live) => live.organisation.fallback === null);
  const again = await stage.of('Priya').does('flag:raise', calls[0][1]);
  await stage.does('Priya', 'flag:lower', { flagId: again.flagId as FlagId, outcome: 'answered' });
});

test('S1.6: a request to join that was made before can still be declined', async () => {
  const { flagId } = await stage.flagged(true);
  await on('Drill.');
  await stage.does('Ines', 'flag:decline-join', { flagId, word: 'We are outside.' });
  expect(await stage.of('Priya').refused('flag:ask-join', { flagId })).toBe('fallback_mode');
  await stage.does('Tomasz', 'flag:lower', { flagId, outcome: 'not_needed' });
  await off();
});

test('S1.6: who switched it on stands with since when; another note changes the note alone, the same one nothing', async () => {
  await on('First.');
  const position = await stage.settle();
  await on('First.');
  expect(await stage.settle()).toBe(position);
  await floor.pass(60_000);
  await stage.does('Grace', 'organisation:set-fallback', { on: true, note: 'Second.' });
  const { fallback } = (
    await stage.of('Leo').sees('the new note', (live) => live.organisation.fallback?.note === 'Second.' && live)
  ).organisation;
  expect(fallback).toMatchObject({ since: now, by: stage.home.person('Grace') });
  await off();
  const ended = await stage.settle();
  await off();
  expect(await stage.settle()).toBe(ended);
  const { rows } = await floor.db.system.query<{ type: string; actor: { id: string } }>(
    `select type, actor from log where organisation_id = $1 and type like 'organisation:fallback%' order by position desc limit 3`,
    [stage.home.id],
  );
  expect(rows.map(({ type, actor }) => [type, actor.id])).toEqual([
    ['organisation:fallback-left', stage.home.person('Grace')],
    ['organisation:fallback-entered', stage.home.person('Grace')],
    ['organisation:fallback-entered', stage.home.person('Marta')],
  ]);
});

test('S1.6: only who may set up help flags switches it, and a note is asked for', async () => {
  for (const name of ['Priya', 'Ines'] as const)
    expect(await stage.of(name).refused('organisation:set-fallback', { on: true, note: 'x' })).toBe('not_permitted');
  const marta = stage.of('Marta');
  for (const note of ['', '   ', 'x'.repeat(281)])
    expect(await marta.refused('organisation:set-fallback', { on: true, note })).toBe('bad_input');
  expect(await marta.refused('organisation:set-fallback', { on: true } as never)).toBe('bad_input');
  expect(await marta.refused('organisation:set-fallback', { on: false, note: 'x' } as never)).toBe('bad_input');
  expect(stage.of('Grace').now.organisation.fallback).toBeNull();
});

test('S1.6: a customer hears nothing of it', async () => {
  const { customer, sessionId } = await stage.served();
  const frames = JSON.stringify(customer.frames);
  await on('A word for the staff alone: quagmire.');
  await stage.settle();
  await customer.says('Hello?');
  await stage.of('Priya').refused('flag:raise', {
    sessionId: sessionId as SessionId,
    reasonId: stage.reason(),
    message: 'x',
    askJoin: false,
  });
  await off();
  await stage.settle();
  expect(JSON.stringify(customer.frames)).not.toContain('quagmire');
  expect(JSON.stringify(customer.frames).length).toBeGreaterThan(frames.length);
});
