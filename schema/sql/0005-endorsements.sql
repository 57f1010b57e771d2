-- Further signatures under a record, each a record of its own kind.

-- SQLite cannot change a check: the table is made anew (sqlite.org/lang_altertable.html, section 7).
create table records_new (
  log_index integer primary key,             -- place in the log, from 0
  digest blob not null unique                -- SHA-256 of the statement: the record's name
    check (length(digest) = 32),
  kind text not null check (kind in ('image', 'run', 'replay', 'endorsement')),
  statement_bytes integer not null,
  signature blob not null                    -- SHA-256 of the detached signature
    check (length(signature) = 32),
  signer_certificate blob                    -- SHA-256 of the certificate that signed; null when the signature could not be read
    check (length(signer_certificate) = 32),
  signer_name text,                          -- as the certificate names its subject
  signed_at integer                          -- as the signer claims
) strict;
insert into records_new
  select log_index, digest, kind, statement_bytes, signature, signer_certificate, signer_name, signed_at from records;
drop table records;
alter table records_new rename to records;
create index records_by_kind on records (kind, log_index);
create index records_by_signer on records (signer_certificate, log_index) where signer_certificate is not null;

create table endorsements (
  log_index integer primary key references records,
  record blob not null                       -- SHA-256 of the statement that is endorsed; it may be in another archive
    check (length(record) = 32),
  comment text
) strict;
create index endorsements_by_record on endorsements (record, log_index);
