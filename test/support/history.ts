import { roomsOf } from '../../server/auth/principal.ts';
import { readLog, type Sent } from '../../server/hub/log.ts';
import { reachesPerson } from '../../server/hub/room.ts';
import { verifyLog } from '../../server/hub/verify.ts';
import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { evolvePerson } from '../../shared/live/person.ts';
import type { CustomerClient } from './customer-client.ts';
import type { Floor } from './floor.ts';
import type { StaffClient } from './staff-client.ts';

/** A command of a run: what was answered to it each time it was sent; null where no answer came. */
export interface Given {
  readonly by: string;
  readonly name: string;
  readonly id: string;
  readonly answers: (Answer | null)[];
}

/** Everything that was recorded of a run, once it has come to rest. */
export interface History {
  readonly floor: Floor;
  readonly home: OrganisationId;
  readonly away: OrganisationId;
  readonly given: readonly Given[];
  readonly screens: readonly StaffClient[];
  readonly strangers: readonly StaffClient[];
  readonly customers: readonly CustomerClient[];
  /** Stands in every internal text of the run, and nowhere else. */
  readonly innerMark: string;
}

/** The rules that a history breaks, each as a sentence that begins with its number; empty when it keeps them all. */
export async function faultsOf(history: History): Promise<string[]> {
  const { floor, home } = history;
  const { rows } = await floor.db.system.query<{ position: number }>(
    'select position from clock where organisation_id = $1',
    [home],
  );
  const log = await readLog(floor.db.system, home, 0, rows[0]?.position ?? 0, 1_000_000);
  return [
    ...(await once(history)),
    ...oneOrder(log),
    ...(await noOrphans(history)),
    ...history.screens.flatMap((screen) => noHole(screen, log)),
    ...walls(history),
    ...(await customersInOrder(history)),
    ...(await verifyLog(floor.db.system, home)).map(({ position, what }) => `I9: at ${position} ${what}`),
    ...history.floor.log.lines
      .filter(({ level }) => level === 'error')
      .map(({ message, fields }) => `I12: the hub wrote "${message}" ${JSON.stringify(fields)}`),
  ];
}

/** I1 and I5: what was acknowledged is there, once; what was refused left nothing; every answer to an id is the same. */
async function once({ floor, home, given }: History): Promise<string[]> {
  const faults: string[] = [];
  const { rows: facts } = await floor.db.system.query<{ command_id: string; n: number }>(
    'select command_id, count(*)::int as n from log where organisation_id = $1 group by command_id',
    [home],
  );
  const { rows: kept } = await floor.db.system.query<{ command_id: string; answer: Answer }>(
    'select command_id, answer from answer where organisation_id = $1',
    [home],
  );
  const happened = new Map(facts.map((row) => [row.command_id, row.n]));
  const answers = new Map(kept.map((row) => [row.command_id, row.answer]));
  for (const { by, name, id, answers: got } of given) {
    const what = `${name} of ${by} (${id})`;
    // What the gate turns away has no place in the line, and so no answer that is kept: rights may come and go.
    const said = got.filter((answer) => answer !== null && (answer.ok || answer.refusal.code !== 'not_permitted'));
    const [first] = said;
    if (!first) continue;
    if (said.some((answer) => JSON.stringify(answer) !== JSON.stringify(first)))
      faults.push(
        `I5: ${what} was answered ${said.map((answer) => (answer?.ok ? 'ok' : answer?.refusal.code)).join(', ')}`,
      );
    const refusal = first.ok ? null : first.refusal.code;
    if (refusal === 'internal') faults.push(`I12: ${what} was a mistake of the hub`);
    if (first.ok && JSON.stringify(answers.get(id)) !== JSON.stringify(first))
      faults.push(`I1: the answer to ${what} was not kept`);
    if (!first.ok && (happened.get(id) ?? 0) > 0) faults.push(`I1: ${what} was refused as ${refusal}, and happened`);
  }
  return faults;
}

/** I2: the facts of each flag could have come one after the other, and so did those of its session. */
export function oneOrder(log: readonly Sent[]): string[] {
  const faults: string[] = [];
  const flags = new Map<string, { session: string; claim: string | null; open: boolean }>();
  const live = new Set<string>();
  for (const { event } of log) {
    const at = `at ${event.position} ${event.type}`;
    if (event.type === 'session:started') live.add(event.session.id);
    if (event.type === 'session:ended' && !live.delete(event.sessionId))
      faults.push(`I2: ${at} of a session that has ended`);
    if (event.type === 'flag:raised') {
      const session = event.flag.sessionId;
      if (!live.has(session)) faults.push(`I2: ${at} without a live session`);
      if ([...flags.values()].some((one) => one.open && one.session === session))
        faults.push(`I2: ${at} beside another`);
      flags.set(event.flag.id, { session, claim: null, open: true });
    } else if ('flagId' in event) {
      const flag = flags.get(event.flagId);
      if (flag === undefined || !flag.open) {
        faults.push(`I2: ${at} of a flag that is down`);
        continue;
      }
      if (event.type === 'flag:claimed') {
        if (flag.claim !== null) faults.push(`I2: ${at} of what ${flag.claim} has`);
        flag.claim = event.personId;
      }
      if (event.type === 'flag:released') {
        if (flag.claim !== event.personId) faults.push(`I2: ${at} by who does not have it`);
        flag.claim = null;
      }
      if (event.type === 'flag:lowered') flag.open = false;
    }
  }
  for (const [id, flag] of flags)
    if (flag.open && !live.has(flag.session)) faults.push(`I2: the flag ${id} outlived its session`);
  return faults;
}

async function noOrphans({ floor, home }: History): Promise<string[]> {
  const { rows } = await floor.db.system.query<{ what: string }>(
    `select 'the flag ' || f.id || ' is up without its session' as what from flag f join session s on s.id = f.session_id
        where f.organisation_id = $1 and f.lowered is null and (s.ended_at is not null or s.flag_id is distinct from f.id)
      union all select 'the conversation ' || c.id || ' and its session disagree' from conversation c left join session s on s.id = c.session_id
        where c.organisation_id = $1 and c.lifecycle = 'open'
          and ((c.assignee_id is null) <> (c.session_id is null) or (s.id is not null and (s.ended_at is not null or s.agent_id <> c.assignee_id)))
      union all select 'the session ' || s.id || ' goes on without its conversation' from session s join conversation c on c.id = s.conversation_id
        where s.organisation_id = $1 and s.ended_at is null and c.session_id is distinct from s.id
      union all select 'the conversation ' || c.id || ' is offered and served' from conversation c
        where c.organisation_id = $1 and c.offer is not null and (c.assignee_id is not null or c.lifecycle = 'closed')`,
    [home],
  );
  return rows.map(({ what }) => `I2: ${what}`);
}

/** I4 and I8: between snapshots a screen took exactly what its person might see, in order; and what the hub vouched for was true. */
function noHole(screen: StaffClient, log: readonly Sent[]): string[] {
  const faults: string[] = [];
  const me = screen.now.me.personId;
  const visible = new Set<number>();
  let person: Person | undefined;
  for (const { event, audience } of log) {
    // Rights as they were when it happened: what changes them is the last that the old ones show.
    const rooms = new Set<string>(person === undefined ? [] : roomsOf(person));
    if (event.type !== 'person:invited') person = evolvePerson(person, event);
    else if (event.person.id === me) person = event.person;
    if (reachesPerson(audience, rooms)) visible.add(event.position);
  }
  const name = person?.name ?? me;
  screen.spans.forEach((span, at) => {
    const last = at === screen.spans.length - 1;
    const expected = [...visible].filter((position) => position > span.from).sort((a, b) => a - b);
    const taken = span.positions;
    const wrong = taken.findIndex((position, n) => position !== expected[n]);
    if (wrong !== -1)
      faults.push(`I4: ${name} after ${span.from} took ${taken[wrong]} where ${expected[wrong]} was due`);
    else if (last && screen.socket.connected && taken.length < expected.length)
      faults.push(`I4: ${name} after ${span.from} never got ${expected[taken.length]}`);
    for (const vouched of span.vouched)
      if (expected.filter((position) => position <= vouched.upTo).length > vouched.taken)
        faults.push(`I4: ${name} was told "complete up to ${vouched.upTo}" too early`);
  });
  return faults;
}

/** I6 and I7: nothing goes over to another organisation, and nothing internal to a customer. */
function walls({ home, away, screens, strangers, customers, innerMark }: History): string[] {
  const faults: string[] = [];
  const has = (frames: unknown[][], text: string): boolean => JSON.stringify(frames).includes(text);
  if (screens.some((screen) => has(screen.frames, away)))
    faults.push('I6: a screen got something of the other organisation');
  if (strangers.some((screen) => has(screen.frames, home) || has(screen.frames, innerMark)))
    faults.push('I6: the other organisation got something of this one');
  if (!screens.some((screen) => has(screen.frames, innerMark)))
    faults.push('I7: nothing internal was said, so this proves nothing');
  for (const customer of customers) {
    if (has(customer.frames, innerMark)) faults.push('I7: a customer got something internal');
    if (has(customer.frames, away)) faults.push('I6: a customer got something of the other organisation');
  }
  return faults;
}

/** I11: a customer's newest conversation is on the widget as it is in the database, line by line. */
async function customersInOrder({ floor, customers }: History): Promise<string[]> {
  const faults: string[] = [];
  for (const customer of customers) {
    if (customer.conversation === null) continue;
    const { rows } = await floor.db.system.query<{ id: string; position: number }>(
      'select id, position from entry where conversation_id = $1 order by position',
      [customer.conversation.id],
    );
    const from = rows[0]?.position ?? 0;
    const shown = [...customer.lines.values()]
      .filter((line) => line.position >= from)
      .sort((a, b) => a.position - b.position);
    const want = rows.map(({ id }) => id);
    const got = shown.map(({ id }) => id);
    if (JSON.stringify(want) !== JSON.stringify(got))
      faults.push(`I11: a widget shows ${got.length} lines of ${want.length}, or in another order`);
    const live = customer.frames
      .filter(([frame]) => frame === 'line')
      .map(([, line]) => (line as { position: number }).position);
    if (live.some((position, at) => at > 0 && position < (live[at - 1] ?? 0)))
      faults.push('I11: lines came out of order');
  }
  return faults;
}
