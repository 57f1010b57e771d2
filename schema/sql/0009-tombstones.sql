-- What was taken down by whoever keeps an archive; a tombstone that another archive's keeper signed stands here too, and does nothing.

create table tombstones (
  log_index integer primary key references records,
  record blob not null                       -- SHA-256 of the statement that is taken down; it may be in another archive
    check (length(record) = 32),
  kind text not null,                        -- of that record
  reason text not null
) strict;
create index tombstones_by_record on tombstones (record, log_index);
