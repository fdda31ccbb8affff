-- The history of a model registry: append-only, each link carries the hash of the one before. Safe to run
-- again.
-- The checks stand here, not in the program, so that nobody who may only insert gets round them.
create schema if not exists model_registry;

create table if not exists model_registry.history (
  sequence bigint primary key,
  kind text not null check (kind in ('published', 'alias', 'tag', 'role')),
  model text not null,
  version integer,
  digest text,
  subject text,
  value text,
  who text not null check (length(who) between 1 and 200),
  login text not null,
  why text not null check (length(why) between 1 and 1000),
  at timestamptz(3) not null,
  previous_hash text not null,
  hash text not null unique
);
-- "Which version did the alias name at time T" is one step in this index.
create index if not exists history_alias on model_registry.history (model, subject, at, sequence)
  where kind = 'alias';
create unique index if not exists history_published on model_registry.history (model, version)
  where kind = 'published';
create index if not exists history_role on model_registry.history (subject, sequence) where kind = 'role';

-- Roles of an identity, as the last link about it says.
create or replace function model_registry.has_role(identity text, role text) returns boolean
  language sql stable as $$
    select coalesce((
      select role = any (string_to_array(value, ',')) from model_registry.history
      where kind = 'role' and subject = identity order by sequence desc limit 1
    ), false)
  $$;

create or replace function model_registry.check_link() returns trigger language plpgsql as $$
declare
  last model_registry.history;
begin
  -- One writer at a time: what is checked here stays true until it is committed.
  perform pg_advisory_xact_lock(7041659);
  select * into last from model_registry.history order by sequence desc limit 1;
  if new.sequence <> coalesce(last.sequence, 0) + 1
    or new.previous_hash <> coalesce(last.hash, repeat('0', 64))
    or new.at < coalesce(last.at, new.at)
    or new.login <> session_user
  then
    raise exception 'the link does not follow link %', coalesce(last.sequence, 0) using errcode = 'TG001';
  end if;
  if new.kind = 'role' then
    -- The first role is taken, every later one is given: by an approver, never to oneself.
    if last.sequence is not null and (
      not model_registry.has_role(new.who, 'approver') or new.who = new.subject
    ) then
      raise exception '% may not give roles to %', new.who, new.subject using errcode = 'TG002';
    end if;
    return new;
  end if;
  if new.kind = 'published' and not model_registry.has_role(new.who, 'publisher') then
    raise exception '% is not a publisher', new.who using errcode = 'TG002';
  end if;
  if new.kind = 'tag' and not (
    model_registry.has_role(new.who, 'publisher') or model_registry.has_role(new.who, 'approver')
  ) then
    raise exception '% is neither publisher nor approver', new.who using errcode = 'TG002';
  end if;
  if new.kind = 'alias' then
    if not model_registry.has_role(new.who, 'approver') then
      raise exception '% is not an approver', new.who using errcode = 'TG002';
    end if;
    perform model_registry.check_approval(new);
  end if;
  return new;
end $$;

create or replace function model_registry.check_approval(link model_registry.history) returns void
  language plpgsql as $$
declare
  published model_registry.history;
begin
  select * into published from model_registry.history
    where kind = 'published' and model = link.model and version = link.version;
  if published.sequence is null or published.digest is distinct from link.digest then
    raise exception '%@v% was not published with digest %', link.model, link.version, link.digest
      using errcode = 'TG003';
  end if;
  if published.who = link.who then
    raise exception '% published %@v%', link.who, link.model, link.version using errcode = 'TG004';
  end if;
end $$;

create or replace trigger history_check before insert on model_registry.history
  for each row execute function model_registry.check_link();

create or replace function model_registry.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the history is only ever appended to' using errcode = 'TG005';
end $$;

create or replace trigger history_append_only before update or delete or truncate on model_registry.history
  for each statement execute function model_registry.refuse_change();
