import '../../shared/ui/font.css';
import '../../shared/ui/tokens.css';
import '../../shared/ui/base.css';
import { mount } from 'svelte';
import type { LinkState } from '../../shared/client/connection.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import { apply, fromSnapshot } from '../../shared/live/apply.ts';
import { Now } from '../../shared/ui/now.svelte.ts';
import { language } from '../../shared/ui/text/language.svelte.ts';
import { Theme } from '../../shared/ui/theme.svelte.ts';
import { Board } from '../board.svelte.ts';
import Screen from '../Screen.svelte';
import { floorAt, idOf } from './data.ts';
import { FloorDouble, TranscriptDouble } from './doubles.svelte.ts';

/**
 * The wallboard in every state without a hub, for pictures and for axe. Development only:
 * `?state=usual|empty|loading|stale|denied|no-teams|monitor|joined|chat|many|quiet|big|storm`, `&theme=light|dark`, `&dir=rtl`, `&kiosk`.
 */
const query = new URLSearchParams(location.search);
const state = query.get('state') ?? 'usual';
const kiosk = query.has('kiosk');
if (kiosk) document.documentElement.dataset.scale = 'wall';
if (query.get('dir') === 'rtl') language.use('ar', document.documentElement);
const theme = new Theme();
const wanted = query.get('theme');
if (wanted === 'light' || wanted === 'dark') theme.choose(wanted);

const now = Date.now();
const drawn = floorAt(now, {
  flags: state === 'empty' ? 0 : state === 'many' ? 60 : state === 'quiet' ? 1 : 5,
  agents: state === 'big' || state === 'storm' ? 5000 : 42,
  role: state === 'denied' ? 'agent' : 'supervisor',
  part: state === 'monitor' ? 'monitoring' : state === 'joined' ? 'joined' : 'none',
});
const floor = new FloorDouble();
if (state !== 'loading') {
  const live = fromSnapshot(drawn.snapshot);
  const bare = new Map(
    [...live.people].map(([id, one]) => [id, id === live.me.personId ? { ...one, supervises: [] } : one]),
  );
  floor.live = state === 'no-teams' ? { ...live, people: bare } : live;
  floor.link = state === 'stale' ? 'stale' : 'live';
  floor.heardAt = state === 'stale' ? now - 48_000 : now;
  floor.lastEventAt = floor.heardAt - 400;
  if (state !== 'stale') setInterval(() => (floor.heardAt = Date.now()), 1000);
}
if (state === 'storm') storm();

/** A thousand changes a second on a floor of 5,000, taken once a frame as the connection does. */
function storm(): void {
  let position = 1000;
  let owed = 0;
  let before = performance.now();
  const frame = (at: number): void => {
    owed += (at - before) * 1;
    before = at;
    const live = floor.live;
    const people = live === null ? [] : [...live.people.values()];
    const talks = live === null ? [] : [...live.conversations.values()];
    const events: Event[] = [];
    for (; owed >= 1; owed -= 1) {
      position += 1;
      const stamp = {
        organisationId: drawn.snapshot.organisationId,
        position,
        at: Date.now(),
        by: { kind: 'system' },
      } as const;
      const one = people[position % people.length];
      const talk = talks[(position * 7) % talks.length];
      if (position % 2 === 0 && one !== undefined)
        events.push({
          ...stamp,
          type: 'person:status-set',
          personId: one.id,
          before: one.status,
          status: position % 4 === 0 ? 'busy' : 'available',
        });
      else if (talk !== undefined)
        events.push({
          ...stamp,
          type: 'message:sent',
          conversationId: talk.id,
          entryId: idOf(5, position),
          author: 'customer',
          personId: null,
          text: `Line ${position}`,
        });
    }
    if (live !== null && events.length > 0) {
      floor.live = apply(live, events);
      floor.lastEventAt = Date.now();
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

const board = new Board({
  floor,
  now: new Now(),
  transcript: () => new TranscriptDouble(drawn.transcript),
  storage: undefined,
});
if (state === 'monitor' || state === 'joined' || state === 'chat')
  board.show({
    sessionId: idOf(7, 10),
    conversationId: idOf(5, 10),
    agentId: idOf(1, 1),
    customerName: 'Rosa Iglesias',
    first: state === 'chat' ? 'side' : 'transcript',
  });
const target = document.getElementById('app');
if (target === null) throw new Error('wallboard/specimen/index.html has no element #app.');
mount(Screen, { target, props: { board, kiosk, theme, attention: { here: true }, onleave: () => undefined } });

/** Lets a test move this floor as the hub would. */
export interface Specimen {
  /** Puts a flag up, or changes the one with this number (from 1). */
  flag(number: number, change: Partial<Flag>): void;
  /** Takes a flag down. */
  lower(number: number): void;
  link(state: LinkState): void;
  /** Names of the commands that the screen sent. */
  readonly asked: readonly string[];
}

declare global {
  interface Window {
    specimen: Specimen;
  }
}

window.specimen = {
  flag(number, change) {
    const { live } = floor;
    const before = live?.flags.get(idOf(8, number)) ?? drawn.snapshot.flags[0];
    if (live === null || before === undefined) return;
    const flags = new Map(live.flags);
    flags.set(idOf(8, number), { ...before, id: idOf(8, number), ...change });
    floor.live = { ...live, flags };
  },
  lower(number) {
    const { live } = floor;
    if (live === null) return;
    floor.live = { ...live, flags: new Map([...live.flags].filter(([id]) => id !== idOf(8, number))) };
  },
  link(to) {
    floor.link = to;
  },
  asked: floor.asked,
};
