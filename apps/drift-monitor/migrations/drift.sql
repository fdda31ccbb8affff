-- The monitor's own schema, beside the ledger's tables. Run whole at every start, in one transaction.
select pg_advisory_xact_lock(7041658);
create schema if not exists drift;

-- How far each partition has been counted, and the latest event time in it: moved together with the deltas.
create table if not exists drift.partitions (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  newest_ms bigint,
  -- Of labelled transactions: the next number, under which a repeated one is known.
  next_sequence bigint not null default 0,
  primary key (topic, partition)
);

-- A delta was once a row for each tile. What a monitor of that time left unfolded, seconds of counts, goes.
do $$ begin
  if exists (select from information_schema.columns
    where table_schema = 'drift' and table_name = 'deltas' and column_name = 'bytes')
  then drop table drift.deltas;
  end if;
end $$;

-- What a batch adds to the tiles, until it is folded into them: packed, one row for each model version.
create table if not exists drift.deltas (
  id bigint generated always as identity primary key,
  model text not null,
  version integer not null,
  tiles bytea not null
);
-- It lives for seconds: to compress it would cost more than to write it.
alter table drift.deltas alter column tiles set storage external;

-- A tile: a segment, a stretch of event time.
create table if not exists drift.tiles (
  model text not null,
  version integer not null,
  segment integer not null,
  width_ms integer not null,
  start_ms bigint not null,
  bytes bytea not null,
  primary key (model, version, segment, width_ms, start_ms)
);

-- Decisions of model versions that have no reference to compare with, by day of event time.
create table if not exists drift.unreferenced (
  model text not null,
  version integer not null,
  day_ms bigint not null,
  reason text not null,
  approve bigint not null,
  review bigint not null,
  decline bigint not null,
  judged boolean not null default false,
  primary key (model, version, day_ms)
);

-- What could not be counted as a decision or a label is, by why, with the place of the latest one.
create table if not exists drift.oddities (
  reason text primary key,
  count bigint not null,
  example text not null,
  seen_at timestamptz not null default now()
);

-- Labels whose transaction has no decision (yet).
create table if not exists drift.waiting_labels (
  label_id text primary key,
  transaction_id text not null,
  source text not null,
  fraud boolean not null,
  labelled_at timestamptz not null,
  looked_at timestamptz not null default now()
);
create index if not exists waiting_labels_looked_at on drift.waiting_labels (looked_at);

-- What each judge remembers of healthy windows.
create table if not exists drift.judges (
  model text not null,
  version integer not null,
  segment text not null,
  state jsonb not null,
  primary key (model, version, segment)
);

create table if not exists drift.verdicts (
  verdict_id text primary key,
  model text not null,
  version integer not null,
  segment text not null,
  kind text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  status text not null,
  features text[] not null,
  verdict json not null,
  judged_at timestamptz not null default now(),
  published_at timestamptz
);
create index if not exists verdicts_until_at on drift.verdicts (until_at);
create index if not exists verdicts_latest on drift.verdicts (model, version, segment, kind, until_at desc);
create index if not exists verdicts_unpublished on drift.verdicts (judged_at) where published_at is null;

-- Verdicts that a person is told of. Kept after delivery: nothing is told twice.
create table if not exists drift.alerts (
  verdict_id text primary key,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  delivered_at timestamptz,
  gave_up_at timestamptz,
  last_error text
);
create index if not exists alerts_open on drift.alerts (next_attempt_at)
  where delivered_at is null and gave_up_at is null;

-- Figures of a day of event time, made anew as its labels arrive.
create table if not exists drift.performance (
  model text not null,
  version integer not null,
  segment text not null,
  day_ms bigint not null,
  figures jsonb not null,
  primary key (model, version, segment, day_ms)
);

-- How fast labels come, and how evenly honest people are stopped, as of the latest turn.
create table if not exists drift.maturity (
  model text not null,
  version integer not null,
  figures jsonb not null,
  made_at timestamptz not null default now(),
  primary key (model, version)
);
