-- Names that lead to another device since two rows were merged: reports under such a name are filed there. A device that
-- bears the name itself comes first.
create table device_aliases (
    device_identifier {text} primary key,
    device_id bigint not null references devices (id) on delete cascade
) {clustered};
create index device_aliases_by_device on device_aliases (device_id);
