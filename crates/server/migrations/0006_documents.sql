-- What people add to a device: outside addresses, and files.

create table manufacturer_links (
    id {id},
    device_id bigint not null references devices (id) on delete cascade,
    label {text} not null,
    url {text} not null,
    kind {text} not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index manufacturer_links_by_device on manufacturer_links (device_id, created_at, id);

-- Contents of documents, each once. Nothing counts who refers to a content: documents do, by its hash; one that no document
-- names any more is removed by whoever deleted the last, or by the sweep.
create table objects (
    -- Lower-case hexadecimal.
    sha256 {text} primary key,
    -- Tells this object from an earlier or later one of the same content: its removal never hits another's.
    tag {text} not null,
    size_bytes bigint not null,
    -- What the content is, whatever it was called.
    media_type {text} not null,
    created_at bigint not null
) {clustered};

create table documents (
    id {id},
    -- Either of one device, or of every device with that model key.
    device_id bigint references devices (id) on delete cascade,
    model_key {text},
    kind {text} not null,
    title {text} not null,
    -- As it was uploaded: never a path.
    file_name {text} not null,
    sha256 {text} not null references objects (sha256),
    created_at bigint not null,
    updated_at bigint not null
);
create index documents_by_device on documents (device_id, created_at, id);
create index documents_by_model on documents (model_key, created_at, id);
create index documents_by_content on documents (sha256);
