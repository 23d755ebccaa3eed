-- Where the log itself is faulty: a partition stands before that record. What is before its position is over.
create table if not exists stopped (
  partition integer primary key,
  record_offset bigint not null,
  reason text not null,
  attempts bigint not null default 1,
  since timestamptz not null default now()
);
