-- Each row is an item from one timeline position to another (null: current).
create table if not exists proposals (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  to_sequence bigint,
  body text not null,
  first_sequence bigint not null,
  topic text not null,
  answerers text[] not null,
  primary key (negotiation, id, from_sequence)
);
create index if not exists proposals_until on proposals (negotiation, coalesce(to_sequence, 9223372036854775807));
