-- What is to be tried again by whoever has its partition; without a view, what a partition stands before.
create table if not exists retries (
  view text not null,
  negotiation text not null,
  partition integer not null,
  asked timestamptz not null default now(),
  primary key (view, negotiation, partition)
);
