import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { ActorRef } from '../shared/contract/event.ts';
import type { OrganisationId, TeamId } from '../shared/contract/id.ts';
import type { Role } from '../shared/contract/permission.ts';
import type { Answer } from '../shared/contract/refusal.ts';
import { newId } from '../shared/contract/uuid.ts';
import type { CommandRow } from './hub/room.ts';
import { create as createOrganisation, type Founder, type FoundingRule } from './organisation/create.ts';
import { readOrganisations, type Standing, startClock } from './organisation/queries.ts';
import { renewInvitation } from './person/renew-invitation.ts';
import { setLegacyFlag } from './team/set-legacy-flag.ts';

/** Runs a command of the hub's own in an organisation's line. */
export type Run = <I, V>(
  organisationId: OrganisationId,
  name: string,
  row: CommandRow<I, V>,
  input: I,
  actor: ActorRef,
) => Promise<Answer>;

export interface FirstStartOptions {
  /** Login `halyard_system`. */
  readonly system: pg.Pool;
  readonly run: Run;
  readonly now: () => number;
  /** Whether an empty database gets the demo organisation: `hasDemoDoor`, for nobody could enter it elsewhere. */
  readonly demo: boolean;
}

/** Any number, as long as every hub uses the same: two hubs that start at once take turns. */
const turn = '(1212238937, 3)';
const system: ActorRef = { kind: 'system' };

const demoName = 'Northlight Support';
const demoTeams = ['Banking', 'Travel'];
/** Its agents have help flags on Legacy chat, and the others have none: so both can be seen. */
const demoLegacyTeam = 'Travel';

/** Somebody of the demo: active from the start, without a password, entered by the demo door alone. */
function demoPerson(name: string, role: Role, teams: readonly string[], supervises: readonly string[]): Founder {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@northlight.example`;
  return { name, email, role, teams, supervises, capacity: 4, tokenHash: null };
}

const demoAgents: readonly (readonly [team: string, names: readonly string[]])[] = [
  ['Banking', ['Priya Raman', 'Marcus Bell', 'Hana Sato', 'Kwame Mensah']],
  ['Travel', ['Leo Fontaine', 'Nils Berg', 'Aisha Diallo', 'Sofia Rossi']],
];
const demoPeople: readonly Founder[] = [
  demoPerson('Grace Mbeki', 'owner', [], []),
  demoPerson('Marta Lindqvist', 'admin', [], []),
  demoPerson('Ines Okafor', 'supervisor', [], ['Banking', 'Travel']),
  demoPerson('Tomasz Wolny', 'supervisor', [], ['Banking']),
  demoPerson('Mei Lin', 'supervisor', [], ['Travel']),
  ...demoAgents.flatMap(([team, names]) => names.map((name) => demoPerson(name, 'agent', [team], []))),
];

/** Words that the demo's customers do say, now and then. */
const demoRules: readonly FoundingRule[] = [
  {
    name: 'Large transfer',
    side: 'customer',
    queues: ['Banking'],
    reason: 'Approval needed',
    words: { any: [], all: [], near: { first: 'transfer', second: 'thousand', within: 8 }, not: [] },
  },
  {
    name: 'Customer objects',
    side: 'customer',
    queues: [],
    reason: 'Escalation',
    words: {
      any: ['that’s not right', 'wrong', 'complain*', 'talk to a manager'],
      all: [],
      near: null,
      not: ['my mistake'],
    },
  },
];

/** A link's secret and what the database may know of it, as `makeInvitation` of the screens makes them. */
function makeSecret(): { secret: string; tokenHash: string } {
  const secret = randomBytes(32).toString('hex');
  return { secret, tokenHash: createHash('sha256').update(secret).digest('hex') };
}

/**
 * Makes what an empty database needs before anybody can come in: the demo organisation, or a real one whose first owner is
 * invited by a link that the hub prints. Until that link is redeemed, each start makes a new one, and the old one dies.
 * @returns the secret to print behind `/console#join=`, or null when nobody waits for one
 * @throws when a command is refused, which none of these is unless the database is damaged
 */
export async function firstStart(options: FirstStartOptions): Promise<{ readonly ownerSecret: string | null }> {
  const client = await options.system.connect();
  try {
    await client.query(`select pg_advisory_lock${turn}`);
    try {
      const standing = await readOrganisations(client);
      if (options.demo) {
        if (standing.every((one) => one.empty)) await makeDemo(options, client, standing);
        return { ownerSecret: null };
      }
      return { ownerSecret: await ownerLink(options, client, standing) };
    } finally {
      await client.query(`select pg_advisory_unlock${turn}`);
    }
  } finally {
    client.release();
  }
}

/** An id whose clock runs: of a first start that was cut short, or a new one. */
async function emptyOrganisation(
  options: FirstStartOptions,
  client: pg.ClientBase,
  standing: readonly Standing[],
  name: string,
): Promise<OrganisationId> {
  const found = standing.find((one) => one.empty);
  if (found !== undefined) return found.organisationId;
  const organisationId = newId<'organisation'>(options.now());
  await startClock(client, organisationId, name);
  return organisationId;
}

async function ownerLink(
  options: FirstStartOptions,
  client: pg.ClientBase,
  standing: readonly Standing[],
): Promise<string | null> {
  const real = standing.filter((one) => !one.demo && !one.empty);
  const { secret, tokenHash } = makeSecret();
  if (real.length === 0) {
    const organisationId = await emptyOrganisation(options, client, standing, 'Support');
    const owner: Founder = {
      name: 'Owner',
      email: null,
      role: 'owner',
      teams: [],
      supervises: [],
      capacity: 4,
      tokenHash,
    };
    const input = { name: 'Support', parentId: null, demo: false, teams: [], people: [owner] };
    await carriedOut(options.run(organisationId, 'organisation:create', createOrganisation, input, system));
    return secret;
  }
  for (const { organisationId, waitingOwnerId } of real) {
    if (waitingOwnerId === null) continue;
    const input = { personId: waitingOwnerId, tokenHash };
    await carriedOut(options.run(organisationId, 'person:renew-invitation', renewInvitation, input, system));
    return secret;
  }
  return null;
}

async function makeDemo(
  options: FirstStartOptions,
  client: pg.ClientBase,
  standing: readonly Standing[],
): Promise<void> {
  const organisationId = await emptyOrganisation(options, client, standing, demoName);
  const input = { name: demoName, parentId: null, demo: true, teams: demoTeams, people: demoPeople, rules: demoRules };
  await carriedOut(options.run(organisationId, 'organisation:create', createOrganisation, input, system));
  const { rows } = await client.query<{ id: TeamId }>('select id from team where organisation_id = $1 and name = $2', [
    organisationId,
    demoLegacyTeam,
  ]);
  for (const { id: teamId } of rows)
    await carriedOut(options.run(organisationId, 'team:set-legacy-flag', setLegacyFlag, { teamId, on: true }, system));
}

async function carriedOut(running: Promise<Answer>): Promise<void> {
  const answer = await running;
  if (!answer.ok) throw new Error(`The first start was refused: ${answer.refusal.message}`);
}
