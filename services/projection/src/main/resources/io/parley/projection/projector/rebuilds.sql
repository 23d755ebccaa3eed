-- The last rebuild of the read models of each schema: what is asked of it, and how it goes.
create schema if not exists parley;
create table if not exists parley.rebuilds (
  -- of the live tables
  schema text primary key,
  id text not null,
  state text not null,
  subject text not null,
  accept_differences boolean not null,
  started timestamptz not null default now(),
  ended timestamptz,
  -- why it failed, or why it waits
  reason text,
  difference text,
  -- told by who builds: entries a second, and negotiations that were compared
  rate double precision,
  compared bigint not null default 0
);
