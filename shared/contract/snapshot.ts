import type { Channel } from './channel.ts';
import type { Conversation } from './conversation.ts';
import type { Flag } from './flag.ts';
import type { FlagId, OrganisationId, PersonId, QueueId, ReasonId, TeamId } from './id.ts';
import type { Organisation, Queue, Reason } from './organisation.ts';
import type { Permission } from './permission.ts';
import type { Person } from './person.ts';
import type { Session } from './session.ts';
import type { Team } from './team.ts';

/** Counts of one team's queue in one minute, kept up to date by the batch that made them happen. */
export interface Minute {
  readonly teamId: TeamId;
  /** Start of the minute, ms since 1970. */
  readonly at: number;
  readonly started: number;
  readonly closed: number;
  /** Entered the queue, and left it for an assignee (or by closing). */
  readonly queued: number;
  readonly dequeued: number;
  /** First answers, and those of them within the service level's 60 s of the start. */
  readonly answered: number;
  readonly answeredInTime: number;
  /** The longest wait in the queue that ended in this minute, ms. */
  readonly longestWait: number;
}

/** A flag raised in the last 24 hours, as the flag figures need it. */
export interface RecentFlag {
  readonly id: FlagId;
  readonly agentId: PersonId;
  readonly teamId: TeamId;
  readonly queueId: QueueId;
  readonly reasonId: ReasonId;
  readonly channel: Channel;
  readonly by: 'agent' | 'rule';
  readonly raisedAt: number;
  /** By when it should have been claimed. */
  readonly targetAt: number;
  readonly claimedAt: number | null;
  /** First answer of a supervisor: side chat line or joining. */
  readonly answeredAt: number | null;
  readonly joinedAt: number | null;
  /** Null while it is up. `outcome` is null where its session ended and nobody said one. */
  readonly lowered: Pick<NonNullable<Flag['lowered']>, 'at' | 'outcome' | 'reason'> | null;
}

/** Everything live that one person may see, read in one transaction at `position`. */
export interface Snapshot {
  readonly organisationId: OrganisationId;
  readonly epoch: string;
  readonly position: number;
  /** The hub's clock. */
  readonly at: number;
  readonly me: { readonly personId: PersonId; readonly permissions: readonly Permission[] };
  readonly organisation: Organisation;
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
  readonly queues: readonly Queue[];
  readonly reasons: readonly Reason[];
  /** Open ones. */
  readonly conversations: readonly Conversation[];
  /** Live ones. */
  readonly sessions: readonly Session[];
  /** Those that are up. */
  readonly flags: readonly Flag[];
  readonly recentFlags: readonly RecentFlag[];
  /** The last 60 minutes of the teams whose floor the person may see. */
  readonly minutes: readonly Minute[];
}
