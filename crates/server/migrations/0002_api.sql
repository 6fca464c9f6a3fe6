-- What people write: what they say of their devices, and who changed what.

-- What people typed, as JSON; the columns below it are what counts (typed, else reported) where lists filter or sort by it.
alter table devices add column typed_json {text} not null default '{}';
-- Moves with typed changes only.
alter table devices add column version bigint not null default 1;
alter table devices add column name {text} not null default '';
-- The name folded, to sort by.
alter table devices add column name_key {text} not null default '';
-- `kind` stays what reports say; identity goes by that.
alter table devices add column effective_kind {text} not null default 'bare_metal';
alter table devices add column status {text} not null default 'in_use';
alter table devices add column location {text} not null default '';
alter table devices add column model {text} not null default '';
-- Tells devices of one hardware model, folded; empty where the model is not known.
alter table devices add column model_key {text} not null default '';
alter table devices add column typed_hosted_on bigint references devices (id) on delete set null;
-- `global_score`, and -1 where there is none.
alter table devices add column score_key double precision not null default -1;

update devices set name = device_identifier, name_key = lower(device_identifier), effective_kind = kind,
    score_key = coalesce(global_score, -1);

create index devices_by_name on devices (name_key, id);
create index devices_by_model on devices (model_key, id);

create table device_tags (
    device_id bigint not null references devices (id) on delete cascade,
    -- The tag folded.
    tag_key {text} not null,
    tag {text} not null,
    primary key (tag_key, device_id)
) {clustered};
create index device_tags_by_device on device_tags (device_id);

-- Everything that a search looks into, folded; apart from the wide rows of devices, so that reading all of it is little.
create table device_search (
    device_id bigint primary key references devices (id) on delete cascade,
    search_text {text} not null
) {clustered};

-- One row per change that a person or a program made.
create table changes (
    id {id},
    at bigint not null,
    -- Name of the token or of the user.
    who {text} not null,
    -- What was done: `device.update`.
    action {text} not null,
    subject_id bigint,
    subject_name {text} not null,
    detail_json {text} not null
);
create index changes_by_time on changes (at, id);
