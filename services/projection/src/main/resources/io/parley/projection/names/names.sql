-- Each row is an item from one timeline position until that of its next row; first_sequence is that of its first.
create table if not exists names (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  first_sequence bigint not null,
  body text not null,
  words text,
  search tsvector generated always as (to_tsvector('simple', words)) stored,
  primary key (negotiation, id, from_sequence)
);
create index if not exists names_search on names using gin (search);
