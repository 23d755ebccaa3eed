-- Each row is an item from one timeline position to another (null: current).
create table if not exists fragile (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  to_sequence bigint,
  body text not null,
  primary key (negotiation, id, from_sequence)
);
create index if not exists fragile_until on fragile (negotiation, coalesce(to_sequence, 9223372036854775807));

