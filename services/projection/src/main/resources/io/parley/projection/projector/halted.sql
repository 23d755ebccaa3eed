-- Where a view stands still in a negotiation (ADR 8): it has every entry before this one, and none from it on.
create table if not exists halted (
  view text not null,
  negotiation text not null,
  sequence bigint not null,
  partition integer not null,
  record_offset bigint not null,
  type text not null,
  aggregate text not null,
  reason text not null,
  -- how often this entry was tried; 0 while the view catches up
  attempts bigint not null default 1,
  since timestamptz not null default now(),
  primary key (negotiation, view)
);
create index if not exists halted_partition on halted (partition, negotiation, view);
