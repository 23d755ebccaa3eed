-- Each row is an item from one timeline position to another (null: current).
create table if not exists meetings (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  to_sequence bigint,
  body text not null,
  earliest_ms bigint,
  latest_ms bigint,
  refs text[] not null,
  search tsvector,
  primary key (negotiation, id, from_sequence)
);
create index if not exists meetings_until on meetings (negotiation, coalesce(to_sequence, 9223372036854775807));
create index if not exists meetings_refs on meetings using gin (refs);
create index if not exists meetings_search on meetings using gin (search);
