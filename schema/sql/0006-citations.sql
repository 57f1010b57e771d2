-- Papers that rest on runs. What kinds of records there are says the format, no longer a check of this table: a new kind would have to
-- make it anew each time (sqlite.org/lang_altertable.html, section 7).
create table records_new (
  log_index integer primary key,             -- place in the log, from 0
  digest blob not null unique                -- SHA-256 of the statement: the record's name
    check (length(digest) = 32),
  kind text not null,                        -- image, run, replay, endorsement, citation
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

create table citations (
  log_index integer primary key references records,
  run blob not null                          -- SHA-256 of the run's statement; it may be in another archive
    check (length(run) = 32),
  doi text not null,                         -- of the paper, in lower case
  title text
) strict;
create index citations_by_run on citations (run, log_index);
create index citations_by_doi on citations (doi, log_index);

create table figures (
  log_index integer not null references citations,
  position integer not null,                 -- in the citation's list, from 0
  label text not null,                       -- as the paper calls it
  path text not null,                        -- of the run's output
  sha256 blob not null check (length(sha256) = 32),
  primary key (log_index, position)
) strict, without rowid;
create index figures_by_sha256 on figures (sha256, log_index);
