-- Each row is an item from one timeline position to another (null: current).
create table if not exists names (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  to_sequence bigint,
  body text not null,
  search tsvector,
  primary key (negotiation, id, from_sequence)
);
create index if not exists names_until on names (negotiation, coalesce(to_sequence, 9223372036854775807));
create index if not exists names_search on names using gin (search);
