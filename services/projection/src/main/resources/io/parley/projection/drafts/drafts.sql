-- Each row is an item from one timeline position to another (null: current).
create table if not exists drafts (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  to_sequence bigint,
  body text not null,
  first_sequence bigint not null,
  agreed text not null,
  parties text[] not null,
  signatures text[] not null,
  signed_sequence bigint,
  primary key (negotiation, id, from_sequence)
);
create index if not exists drafts_until on drafts (negotiation, coalesce(to_sequence, 9223372036854775807));
