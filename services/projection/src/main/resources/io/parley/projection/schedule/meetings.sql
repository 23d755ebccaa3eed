-- Each row is an item from one timeline position until that of its next row; first_sequence is that of its first.
create table if not exists meetings (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  first_sequence bigint not null,
  body text not null,
  earliest_ms bigint,
  latest_ms bigint,
  refs text[] not null,
  words text,
  search tsvector generated always as (to_tsvector('simple', words)) stored,
  primary key (negotiation, id, from_sequence)
);
create index if not exists meetings_refs on meetings using gin (refs);
create index if not exists meetings_search on meetings using gin (search);
