-- What certificates are judged by besides trust/: successors of keys, and revocation lists, each a record of its own kind.

create table rotations (
  log_index integer primary key references records,
  old_certificate blob not null              -- SHA-256 of its DER
    check (length(old_certificate) = 32),
  new_certificate blob not null              -- SHA-256 of its DER
    check (length(new_certificate) = 32)
) strict;
create index rotations_by_new_certificate on rotations (new_certificate, log_index);

create table revocation_lists (
  log_index integer primary key references records,
  issuer blob not null                       -- SHA-256 of the name, DER
    check (length(issuer) = 32),
  list blob not null                         -- SHA-256 of the list
    check (length(list) = 32)
) strict;
create index revocation_lists_by_issuer on revocation_lists (issuer, log_index);
