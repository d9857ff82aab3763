-- The live floor. Every table has its organisation; row-level security (end of this file) backs the code up (I6).
-- Instants are timestamptz(3); ids are UUIDv7 made by the hub or the sender.

-- One row: which history this database holds. A restored copy has another system identifier and gets another epoch.
create table instance (
  only_one boolean primary key default true check (only_one),
  epoch uuid not null,
  system_identifier text not null,
  -- Key of the signatures on visitor tokens.
  secret bytea not null
);

create table organisation (
  id uuid primary key,
  organisation_id uuid generated always as (id) stored,
  name text not null,
  parent_id uuid references organisation (id),
  demo boolean not null default false
);

-- The organisation's clock: the batch writer locks this row, so position order is commit order.
create table clock (
  organisation_id uuid primary key references organisation (id),
  position bigint not null,
  hash bytea not null
);

-- The log: the record of what happened and the audit entry in one (I9). People's words are not in it; they stand in entry and
-- internal_entry, and `digest` covers them with a salt, so that they can be erased and the chain of hashes still holds.
create table log (
  organisation_id uuid not null,
  position bigint not null,
  type text not null,
  at timestamptz(3) not null,
  actor json not null,
  command text not null,
  command_id uuid not null,
  address text,
  conversation_id uuid,
  -- json, not jsonb: the exact text is hashed.
  payload json not null,
  audience text[] not null,
  hidden text[] not null,
  digest bytea,
  hash bytea not null,
  primary key (organisation_id, position)
);
create index log_conversation on log (organisation_id, conversation_id, position) where conversation_id is not null;

-- First answers, kept 7 days: a repeated command id gets the same one (I5).
create table answer (
  organisation_id uuid not null,
  actor text not null,
  command_id uuid not null,
  payload_hash bytea not null,
  answer json not null,
  at timestamptz(3) not null,
  primary key (organisation_id, actor, command_id)
);
create index answer_age on answer (at);

create table team (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  active boolean not null
);
create index team_organisation on team (organisation_id);

create table queue (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  team_id uuid not null,
  active boolean not null
);
create index queue_organisation on queue (organisation_id);

create table reason (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  "order" integer not null,
  target_ms bigint not null
);
create index reason_organisation on reason (organisation_id);

create table person (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  role text not null,
  team_ids uuid[] not null,
  supervises uuid[] not null,
  status text not null,
  status_since timestamptz(3) not null,
  capacity integer not null,
  reachable boolean not null,
  active boolean not null
);
create index person_organisation on person (organisation_id);
create index person_supervises on person using gin (supervises);

create table credential (
  person_id uuid primary key references person (id),
  organisation_id uuid not null,
  -- Null only for a first owner who has not redeemed the printed link.
  email text,
  -- argon2id in PHC form; null until the person has joined.
  password_hash text,
  joined_at timestamptz(3)
);
create unique index credential_email on credential (lower(email));

create table invitation (
  person_id uuid primary key references person (id),
  organisation_id uuid not null,
  token_hash bytea not null unique,
  expires_at timestamptz(3) not null
);

create table login_session (
  token_hash bytea primary key,
  organisation_id uuid not null,
  person_id uuid not null references person (id),
  -- 'cookie' or 'tab' (a demo person in one browser tab).
  kind text not null,
  created_at timestamptz(3) not null,
  last_seen_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
create index login_session_person on login_session (person_id);

create table customer (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  name text not null,
  created_at timestamptz(3) not null
);

create table conversation (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  channel text not null,
  queue_id uuid not null,
  team_id uuid not null,
  customer_id uuid not null,
  customer_name text not null,
  lifecycle text not null,
  assignee_id uuid,
  session_id uuid,
  queued_at timestamptz(3),
  offer jsonb,
  passed_by uuid[] not null,
  started_at timestamptz(3) not null,
  answered_at timestamptz(3),
  customer_waits_since timestamptz(3),
  unread integer not null,
  last_line jsonb,
  closed_at timestamptz(3)
);
create index conversation_open on conversation (organisation_id, team_id) where lifecycle = 'open';
create index conversation_queued on conversation (organisation_id, queued_at) where queued_at is not null;
create index conversation_assignee on conversation (assignee_id) where lifecycle = 'open' and assignee_id is not null;
create index conversation_closed on conversation (organisation_id, closed_at desc) where lifecycle = 'closed';
create index conversation_customer on conversation (customer_id);

create table session (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  conversation_id uuid not null,
  agent_id uuid not null,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  end_reason text,
  supervisors jsonb not null,
  flag_id uuid,
  side_lines integer not null,
  side_read jsonb not null,
  side_last_at timestamptz(3)
);
create index session_live on session (organisation_id, agent_id) where ended_at is null;
create index session_conversation on session (conversation_id);

create table flag (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  session_id uuid not null,
  conversation_id uuid not null,
  agent_id uuid not null,
  channel text not null,
  queue_id uuid not null,
  team_id uuid not null,
  customer_name text not null,
  reason_id uuid not null,
  message text not null,
  raised_at timestamptz(3) not null,
  target_at timestamptz(3) not null,
  amended_at timestamptz(3),
  delivered_at timestamptz(3),
  seen_by jsonb not null,
  claim jsonb,
  claimed_at timestamptz(3),
  answered_at timestamptz(3),
  "join" jsonb,
  joined_at timestamptz(3),
  joined_by uuid[] not null,
  lowered jsonb
);
-- One open flag per session, whatever the code does.
create unique index flag_open on flag (session_id) where lowered is null;
create index flag_live on flag (organisation_id) where lowered is null;
create index flag_recent on flag (organisation_id, raised_at);

-- What the customer may read: lines of both sides and notices. Nothing internal has a column or a row here (I7).
create table entry (
  id uuid primary key,
  organisation_id uuid not null,
  conversation_id uuid not null,
  customer_id uuid not null,
  position bigint not null,
  at timestamptz(3) not null,
  -- 'customer', 'agent', 'supervisor' or 'notice'
  author text not null,
  name text not null,
  text text,
  notice text,
  helps text,
  salt bytea not null
);
create index entry_conversation on entry (organisation_id, conversation_id, position);
create index entry_position on entry (organisation_id, position);

-- Words that no customer may ever read: side chats, flag messages, words with a decline.
create table internal_entry (
  id uuid primary key,
  organisation_id uuid not null,
  conversation_id uuid not null,
  position bigint not null,
  at timestamptz(3) not null,
  kind text not null,
  text text not null,
  salt bytea not null
);
create index internal_entry_position on internal_entry (organisation_id, position);

create table minute (
  organisation_id uuid not null,
  team_id uuid not null,
  at timestamptz(3) not null,
  started integer not null,
  closed integer not null,
  queued integer not null,
  dequeued integer not null,
  answered integer not null,
  answered_in_time integer not null,
  longest_wait bigint not null,
  primary key (organisation_id, team_id, at)
);

create table job (
  id text not null,
  organisation_id uuid not null,
  kind text not null,
  subject text not null,
  -- Log position of the event that planned it: planning again makes another command id.
  planned bigint not null,
  due_at timestamptz(3) not null,
  taken_until timestamptz(3),
  primary key (organisation_id, id)
);
create index job_due on job (due_at);

-- A hub that lives renews its lease every second; the people of one that does not are found by their presence rows.
create table hub (
  id uuid primary key,
  lease_until timestamptz(3) not null,
  started_at timestamptz(3) not null
);
create table presence (
  organisation_id uuid not null,
  person_id uuid not null,
  hub_id uuid not null,
  -- Null while connected; else since when the person's last socket on that hub is gone.
  gone_since timestamptz(3),
  primary key (organisation_id, person_id, hub_id)
);

-- Whether an address is in use in any organisation: the one question that may look past the organisation's wall.
create function email_taken(address text) returns boolean
  language sql stable security definer set search_path = public
  as $$ select exists (select 1 from credential where lower(email) = lower(address)) $$;

do $$
declare
  name text;
begin
  foreach name in array array['organisation', 'clock', 'log', 'answer', 'team', 'queue', 'reason', 'person', 'credential',
    'invitation', 'login_session', 'customer', 'conversation', 'session', 'flag', 'entry', 'internal_entry', 'minute', 'job', 'presence']
  loop
    execute format('alter table %I enable row level security', name);
    execute format(
      'create policy organisation_wall on %I to halyard_app using (organisation_id = nullif(current_setting(''halyard.organisation'', true), '''')::uuid)',
      name);
  end loop;
end
$$;

grant select, insert, update, delete on all tables in schema public to halyard_app, halyard_system;
revoke update, delete on log from halyard_app;
revoke all on instance, migration from halyard_app;
grant execute on function email_taken(text) to halyard_app;

-- The customer's login reads lines of its own conversations and nothing else. It has no grant on any internal table.
grant select on entry to halyard_customer;
grant select (id, organisation_id, customer_id, lifecycle, assignee_id, started_at, closed_at) on conversation to halyard_customer;
grant select (id, organisation_id, name) on organisation to halyard_customer;
create policy own_lines on entry for select to halyard_customer
  using (organisation_id = nullif(current_setting('halyard.organisation', true), '')::uuid
    and customer_id = nullif(current_setting('halyard.customer', true), '')::uuid);
create policy own_conversations on conversation for select to halyard_customer
  using (organisation_id = nullif(current_setting('halyard.organisation', true), '')::uuid
    and customer_id = nullif(current_setting('halyard.customer', true), '')::uuid);
create policy own_organisation on organisation for select to halyard_customer
  using (id = nullif(current_setting('halyard.organisation', true), '')::uuid);
