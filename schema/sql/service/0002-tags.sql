-- A tag is as private as the push that set it: the same manifest may have been pushed for everybody under another one.
alter table tags add column is_private integer not null default 0 check (is_private in (0, 1)); -- 1: its owner alone sees that there is one of that name
alter table tags add column public_at integer;  -- from then on everybody does; null for never
update tags set
  is_private = 1,
  public_at = (select m.public_at from manifests m where m.repository = tags.repository and m.digest = tags.digest)
where exists (select 1 from manifests m where m.repository = tags.repository and m.digest = tags.digest and m.is_private = 1);
