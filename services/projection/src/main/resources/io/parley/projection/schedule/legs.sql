-- Each row is an item from one timeline position to another (null: current).
create table if not exists legs (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  to_sequence bigint,
  body text not null,
  earliest_ms bigint,
  latest_ms bigint,
  person text not null,
  primary key (negotiation, id, from_sequence)
);
create index if not exists legs_until on legs (negotiation, coalesce(to_sequence, 9223372036854775807));
create index if not exists legs_person on legs (person);
