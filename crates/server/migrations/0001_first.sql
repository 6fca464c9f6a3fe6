-- The tables of the first release. {…} is filled in per engine, see store/schema.rs.
-- Times are milliseconds since 1970. Columns that end in _json are opaque to SQL.

create table settings (
    name {text} primary key,
    value {text} not null
);

-- One row per device, with everything that lists and the ranking show.
create table devices (
    id {id},
    device_identifier {text} not null unique,
    -- 1 if a person gave that name.
    name_explicit bigint not null,
    kind {text} not null,
    hosted_on bigint references devices (id) on delete set null,
    reported_json {text} not null,
    hints_json {text} not null,
    standing_json {text} not null,
    -- Time and score of the last valid benchmarks, oldest first.
    recent_json {text} not null,
    basis {text},
    global_score double precision,
    global_low double precision,
    global_high double precision,
    -- Of the components that count, on the scale of `basis`.
    cpu_score double precision,
    memory_score double precision,
    disk_score double precision,
    network_score double precision,
    gpu_score double precision,
    coverage double precision not null,
    verdict {text} not null,
    benchmarks bigint not null,
    last_benchmark_json {text},
    last_benchmark_at bigint not null,
    snapshot_id bigint,
    -- Digest of the facts that led to that snapshot, as they were sent.
    facts_seen {bytes},
    created_at bigint not null,
    updated_at bigint not null
);
create index devices_by_score on devices (basis, global_score, id);

-- Keyed hashes of what tells one machine from another. Machines may share a key (clones, renamed logical devices).
create table device_keys (
    device_id bigint not null references devices (id) on delete cascade,
    kind {text} not null,
    hash {text} not null,
    primary key (hash, kind, device_id)
) {clustered};
create index device_keys_by_device on device_keys (device_id);

create table hardware_snapshots (
    id {id},
    device_id bigint not null references devices (id) on delete cascade,
    fingerprint {bytes} not null,
    facts_json {text} not null,
    first_seen_at bigint not null
);
create index hardware_snapshots_by_device on hardware_snapshots (device_id, first_seen_at, id);

create table benchmarks (
    id {id},
    report_id {text} not null unique,
    body_sha256 {bytes} not null,
    device_id bigint not null references devices (id) on delete cascade,
    snapshot_id bigint not null references hardware_snapshots (id),
    effective_at bigint not null,
    received_at bigint not null,
    started_at bigint,
    finished_at bigint,
    preset {text},
    bench_script_version {text},
    label {text},
    note {text},
    basis {text} not null,
    global_score double precision,
    global_low double precision,
    global_high double precision,
    coverage double precision not null,
    verdict {text} not null,
    components_json {text} not null,
    notes_json {text} not null,
    readings_json {text} not null,
    environment_json {text},
    missing_json {text} not null
);
create index benchmarks_by_device on benchmarks (device_id, effective_at, id);
create index benchmarks_by_time on benchmarks (effective_at, id);
create index benchmarks_by_snapshot on benchmarks (snapshot_id, effective_at);

-- The report byte for byte as it was after decoding, zstd-compressed.
create table raw_reports (
    benchmark_id bigint primary key references benchmarks (id) on delete cascade,
    body_zstd {bytes} not null
);

-- Every figure of every benchmark. The key begins with the benchmark, so that the rows of one report lie together at the end
-- of the table: a key that began with the device would touch one page for each figure.
create table metric_values (
    benchmark_id bigint not null references benchmarks (id) on delete cascade,
    metric {text} not null,
    variant {text} not null,
    unit {text},
    value double precision not null,
    low double precision,
    high double precision,
    spread double precision,
    verdict {text} not null,
    test_version bigint,
    primary key (benchmark_id, metric, variant)
) {clustered};

-- Reports whose benchmark was deleted: sending one again answers 410.
create table tombstones (
    report_id {text} primary key,
    deleted_at bigint not null
) {clustered};
