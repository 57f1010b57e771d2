-- What people ask for by a few letters: who signed, and what a paper is called. Both are asked through tables that hide what a reader may not see.

-- Everybody who signed, once, in the order the log first has them: a million records have a few hundred signers.
create table signers (
  signer_id integer primary key,
  certificate blob not null unique           -- SHA-256 of the certificate
    check (length(certificate) = 32),
  name text not null                         -- as it names its subject
) strict;
insert into signers (certificate, name)
  select signer_certificate, max(signer_name)
  from records
  where signer_certificate is not null
  group by signer_certificate
  order by min(log_index);

create virtual table signer_text using fts5 (
  name, content = 'signers', content_rowid = 'signer_id', tokenize = 'trigram'
);
insert into signer_text (rowid, name) select signer_id, name from signers;

create virtual table paper_text using fts5 (
  title, content = 'citations', content_rowid = 'log_index', tokenize = 'trigram'
);
insert into paper_text (rowid, title) select log_index, title from citations where title is not null;
