-- Every way to raise a flag: Legacy chat and messaging, rules, escalation, fallback mode, the monitoring policy and its ledger.

alter table organisation
  add column monitoring text not null default 'announced',
  add column warn_percent integer not null default 75,
  add column escalation jsonb not null default
    '[{"reach":"own","afterMs":0},{"reach":"supervisors","afterMs":120000},{"reach":"everyone","afterMs":300000}]',
  -- Null: not in fallback mode.
  add column fallback jsonb;

-- What was changed in settings, by kind of fact: facts of the floor itself have a conversation.
create index log_setting on log (organisation_id, type, position) where conversation_id is null;

alter table reason add column active boolean not null default true;
alter table team add column legacy_flag boolean not null default false;

alter table conversation
  add column connection_id uuid,
  add column reach text not null default 'own';
-- Who sees it beside its team: few are, at any time.
create index conversation_reach on conversation (organisation_id) where lifecycle = 'open' and reach <> 'own';
create index conversation_connection on conversation (connection_id) where connection_id is not null;
create index conversation_legacy on conversation (organisation_id) where lifecycle = 'open' and channel = 'legacy';

alter table session
  add column reach text not null default 'own',
  add column rule_ids uuid[] not null default '{}';

alter table flag
  add column source jsonb not null default '{"kind":"agent"}',
  add column reach text not null default 'own',
  add column reached_at timestamptz(3),
  add column next_at timestamptz(3);
update flag set reached_at = raised_at;
-- Whoever watches or has joined already does so as everybody did until now: announced.
update session set supervisors =
    (select jsonb_agg(one || '{"policy":"announced"}'::jsonb) from jsonb_array_elements(supervisors) as one)
  where jsonb_array_length(supervisors) > 0;
alter table flag alter column reached_at set not null;

create table rule (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  active boolean not null,
  side text not null,
  channels text[] not null,
  queue_ids uuid[] not null,
  reason_id uuid not null,
  words jsonb not null,
  -- Removed rules are kept: flags and the log name them.
  removed boolean not null default false
);
create index rule_organisation on rule (organisation_id) where not removed;
-- Which set of rules stands: the position of the last change. A hub that holds a set of this number need not read it again.
create table rule_set (
  organisation_id uuid primary key references organisation (id),
  version bigint not null
);

create table connection (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  adapter text not null,
  queue_id uuid not null,
  active boolean not null,
  target text not null,
  sender text
);
create index connection_organisation on connection (organisation_id);

-- What signs and verifies. Written by commands, read by the hub's own login alone; never logged, answered or sent.
create table connection_secret (
  connection_id uuid primary key references connection (id),
  organisation_id uuid not null,
  inbound text not null,
  outbound text not null,
  verify text
);

-- Where a customer of a messaging channel is reached: internal, as no screen needs it.
create table customer_address (
  customer_id uuid primary key,
  organisation_id uuid not null,
  connection_id uuid not null,
  address text not null
);

-- One row per line of the staff on a messaging channel: what is still to be sent, and how far the rest has come.
create table delivery (
  -- The line's id, or of a notice its own.
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  conversation_id uuid not null,
  connection_id uuid not null,
  -- Order within a conversation: the position of the event that queued it.
  position bigint not null,
  notice jsonb,
  state text not null,
  attempts integer not null,
  -- What went wrong last, and when.
  fault text,
  fault_at timestamptz(3),
  -- The provider's own name for it.
  ref text,
  queued_at timestamptz(3) not null,
  next_at timestamptz(3),
  settled_at timestamptz(3),
  -- A hub that took it and died leaves it to others after this.
  taken_until timestamptz(3)
);
create index delivery_due on delivery (next_at) where state = 'waiting';
create index delivery_conversation on delivery (organisation_id, conversation_id, position) where state = 'waiting';
create index delivery_ref on delivery (connection_id, ref) where ref is not null;
create index delivery_connection on delivery (connection_id, queued_at);

-- Who watched, whispered, joined and took over: for the agent to read, under the policy that stood then.
create table ledger (
  organisation_id uuid not null references organisation (id),
  session_id uuid not null,
  conversation_id uuid not null,
  agent_id uuid not null,
  person_id uuid not null,
  -- 'watched', 'whispered', 'joined' or 'took_over'
  kind text not null,
  since timestamptz(3) not null,
  -- Null: still there. Of a whisper the last line; of a take-over its instant.
  until timestamptz(3),
  -- Lines whispered; otherwise 0.
  lines integer not null,
  policy text not null,
  primary key (organisation_id, session_id, person_id, kind, since)
);
-- The lines of one person in one side chat are one whisper, from the first to the last.
create unique index ledger_whisper on ledger (organisation_id, session_id, person_id) where kind = 'whispered';
create index ledger_person on ledger (organisation_id, person_id, since desc);
create index ledger_conversation on ledger (organisation_id, conversation_id, since desc);
create index ledger_agent on ledger (organisation_id, agent_id, since desc);
create index ledger_recent on ledger (organisation_id, since desc);

-- Customers with an open conversation that ends with its customer (Legacy chat): who is connected to which hub.
create table customer_presence (
  organisation_id uuid not null,
  customer_id uuid not null,
  hub_id uuid not null,
  -- Null while connected; else since when the customer's last socket on that hub is gone.
  gone_since timestamptz(3),
  primary key (organisation_id, customer_id, hub_id)
);

-- How late this hub hears the log, ms, by its own measure (S1.6).
alter table hub add column behind_ms bigint not null default 0;

do $$
declare
  name text;
begin
  foreach name in array array['rule', 'rule_set', 'connection', 'connection_secret', 'customer_address', 'delivery', 'ledger',
    'customer_presence']
  loop
    execute format('alter table %I enable row level security', name);
    execute format(
      'create policy organisation_wall on %I to halyard_app using (organisation_id = nullif(current_setting(''halyard.organisation'', true), '''')::uuid)',
      name);
  end loop;
end
$$;

grant select, insert, update, delete on rule, rule_set, connection, customer_address, delivery, ledger, customer_presence
  to halyard_app, halyard_system;
grant select, insert, update, delete on connection_secret to halyard_system;
-- The batch writes secrets and can read none of them back.
grant insert, update on connection_secret to halyard_app;
grant select (connection_id, organisation_id) on connection_secret to halyard_app;
