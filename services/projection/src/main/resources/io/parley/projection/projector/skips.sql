-- Entries that a view passes over in a negotiation, by whose decision and why: the same for every version and
-- rebuild of the read models.
create schema if not exists parley;
create table if not exists parley.skips (
  view text not null,
  negotiation text not null,
  sequence bigint not null,
  type text not null,
  aggregate text not null,
  subject text not null,
  reason text not null,
  skipped timestamptz not null default now(),
  primary key (view, negotiation, sequence)
);
