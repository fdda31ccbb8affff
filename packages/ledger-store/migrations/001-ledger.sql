-- How far each partition of the log has been taken over: the truth of the ledger's progress.
create table consumer_offsets (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

create table decisions (
  transaction_id text primary key,
  occurred_at timestamptz not null,
  decided_at timestamptz not null,
  outcome text not null,
  score double precision,
  rung text not null,
  model_name text,
  model_version integer,
  model_digest text,
  feature_set text not null,
  rules_version text not null,
  degraded text[] not null,
  reasons jsonb not null,
  source text not null,
  partition integer not null,
  log_offset bigint not null,
  -- The log's own text, byte for byte: json, not jsonb, which costs 27 µs more a row and reorders the fields.
  record json not null
);

-- A row of 2 KB (a record of 1.6 KB) stays as it is: compressing it with pglz costs 22 µs.
-- Measured with apps/ledger/bench/insert-decisions.ts.
alter table decisions set (toast_tuple_target = 8160);
create index decisions_decided_at on decisions using brin (decided_at);

create table labels (
  label_id text primary key,
  transaction_id text not null,
  fraud boolean not null,
  source text not null,
  labelled_at timestamptz not null,
  pattern text,
  partition integer not null,
  log_offset bigint not null
);

-- No foreign key: a label for a transaction that is not known (yet) is kept.
create index labels_transaction_id on labels (transaction_id);

create table unreadable_records (
  topic text not null,
  partition integer not null,
  log_offset bigint not null,
  reason text not null,
  value bytea,
  seen_at timestamptz not null default now(),
  primary key (topic, partition, log_offset)
);

create view labelled_decisions as
  select
    d.transaction_id, d.occurred_at, d.decided_at, d.outcome, d.score, d.model_name, d.model_version,
    l.label_id, l.fraud, l.source as label_source, l.labelled_at, l.pattern
  from decisions d
  join labels l using (transaction_id);
