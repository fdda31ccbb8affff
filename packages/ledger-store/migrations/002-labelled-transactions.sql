-- Changes in whether a transaction is believed to be fraud, numbered without gaps in the order of their
-- commits: what fraud.labelled-transactions.v1 carries. `label_id` and what follows: the label that decides.
create table labelled_transactions (
  sequence bigint primary key,
  transaction_id text not null,
  label_id text not null,
  fraud boolean not null,
  source text not null,
  labelled_at timestamptz not null,
  matched_at timestamptz not null default clock_timestamp()
);
create index labelled_transactions_transaction_id on labelled_transactions (transaction_id, sequence);

-- One row: the next number to give and the next to publish. It is made once the topic has been looked at, so
-- that a ledger that begins anew does not give a number a second time.
create table labelled_progress (
  single boolean primary key default true check (single),
  next_sequence bigint not null,
  next_to_publish bigint not null
);
