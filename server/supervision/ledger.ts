import type { Event } from '../../shared/contract/event.ts';
import type { ConversationId, PersonId, SessionId } from '../../shared/contract/id.ts';
import type { MonitoringPolicy } from '../../shared/contract/policy.ts';
import type { LedgerKind } from '../../shared/contract/read.ts';
import type { Writer } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { table } from '../hub/table.ts';
import { sessionNoun } from '../session/session.ts';

/** One thing that a supervisor did in a session: for its agent to read, as far as the policy lets them. */
export interface LedgerRow {
  readonly sessionId: SessionId;
  readonly conversationId: ConversationId;
  readonly agentId: PersonId;
  readonly personId: PersonId;
  readonly kind: LedgerKind;
  readonly since: number;
  /** Null: it goes on. */
  readonly until: number | null;
  /** Lines whispered; otherwise 0. */
  readonly lines: number;
  /** The policy that the watching began under; everything else is always seen. */
  readonly policy: MonitoringPolicy;
}

const key = ['organisation_id', 'session_id', 'person_id', 'kind', 'since'];

export const ledgerTable = table<LedgerRow>(
  'ledger',
  {
    sessionId: ['session_id', 'uuid'],
    conversationId: ['conversation_id', 'uuid'],
    agentId: ['agent_id', 'uuid'],
    personId: ['person_id', 'uuid'],
    kind: ['kind', 'text'],
    since: ['since', 'instant'],
    until: ['until', 'instant'],
    lines: ['lines', 'integer'],
    policy: ['policy', 'text'],
  },
  key,
);

/** Whispers are one row for each side chat and person, from the first line to the last. */
type Part = Omit<LedgerRow, 'sessionId' | 'conversationId' | 'agentId'>;

const seen = { lines: 0, policy: 'announced' } as const;

/** What an event says of the ledger, and in which session; a later row of the same key replaces the one before it. */
function parts(event: Event, before: State): readonly [SessionId, readonly Part[]] | null {
  switch (event.type) {
    case 'supervision:monitored':
      return [
        event.sessionId,
        [{ personId: event.personId, kind: 'watched', since: event.at, until: null, lines: 0, policy: event.policy }],
      ];
    case 'supervision:joined':
      return [event.sessionId, [{ ...seen, personId: event.personId, kind: 'joined', since: event.at, until: null }]];
    case 'supervision:left': {
      const { personId, since, policy } = event;
      const kind = event.was === 'monitoring' ? 'watched' : 'joined';
      return [event.sessionId, [{ personId, kind, since, until: event.at, lines: 0, policy }]];
    }
    case 'supervision:took-over': {
      const { personId, at } = event;
      return [event.sessionId, [{ ...seen, personId, kind: 'took_over', since: at, until: at }]];
    }
    case 'session:ended': {
      // Whoever watches is let go by a fact that follows; whoever has joined leaves with the session.
      const joined = before.get(sessionNoun, event.sessionId)?.supervisors.filter((one) => one.mode === 'joined') ?? [];
      return [
        event.sessionId,
        joined.map(({ personId, since }) => ({ ...seen, personId, kind: 'joined', since, until: event.at })),
      ];
    }
    default:
      return null;
  }
}

/** Who watched, joined and took over, in the batch that made it happen. */
export const ledgerWriter: Writer<LedgerRow> = {
  table: 'ledger',
  rows: (event, before) => {
    const [sessionId, list] = parts(event, before) ?? [null, []];
    const session = sessionId === null ? undefined : before.get(sessionNoun, sessionId);
    if (sessionId === null || session === undefined) return [];
    const { conversationId, agentId } = session;
    return list.map((part) => ({ sessionId, conversationId, agentId, ...part }));
  },
  save: (organisationId, rows) => {
    const last = new Map(rows.map((row) => [`${row.sessionId} ${row.personId} ${row.kind} ${row.since}`, row]));
    return ledgerTable.upsert(organisationId, [...last.values()]);
  },
};

/** Who whispered: a supervisor's lines in the side chat, counted from the first to the last. */
export const whisperWriter: Writer<LedgerRow> = {
  table: 'ledger',
  rows: (event, before) => {
    if (event.type !== 'side-chat:said') return [];
    const session = before.get(sessionNoun, event.sessionId);
    if (session === undefined || session.agentId === event.personId) return [];
    const { conversationId, sessionId, personId, at } = event;
    const { agentId } = session;
    return [
      { ...seen, sessionId, conversationId, agentId, personId, kind: 'whispered', since: at, until: at, lines: 1 },
    ];
  },
  save: (organisationId, rows) => {
    const merged = new Map<string, LedgerRow>();
    for (const row of rows) {
      const same = `${row.sessionId} ${row.personId}`;
      const first = merged.get(same) ?? { ...row, lines: 0 };
      merged.set(same, { ...first, until: row.until, lines: first.lines + row.lines });
    }
    return ledgerTable.insert(
      organisationId,
      [...merged.values()],
      `on conflict (organisation_id, session_id, person_id) where kind = 'whispered'
        do update set until = excluded.until, lines = ledger.lines + excluded.lines`,
    );
  },
};
