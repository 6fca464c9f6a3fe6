-- The tables of the reference: what a report leaves behind, with the indexes that lists and pages need. It is this
-- program's own text: the reference must not change with what is measured against it.
create table devices (
    id integer primary key autoincrement,
    device_identifier text not null unique,
    kind text not null,
    reported_json text not null,
    standing_json text not null,
    basis text,
    global_score real,
    global_low real,
    global_high real,
    coverage real not null,
    verdict text not null,
    benchmarks integer not null,
    last_benchmark_json text,
    last_benchmark_at integer not null,
    snapshot_id integer,
    updated_at integer not null
);
create index devices_by_score on devices (basis, global_score, id);

create table benchmarks (
    id integer primary key autoincrement,
    report_id text not null unique,
    body_sha256 blob not null,
    device_id integer not null references devices (id) on delete cascade,
    snapshot_id integer not null,
    effective_at integer not null,
    received_at integer not null,
    started_at integer,
    finished_at integer,
    preset text,
    bench_script_version text,
    basis text not null,
    global_score real,
    global_low real,
    global_high real,
    coverage real not null,
    verdict text not null,
    components_json text not null,
    readings_json text not null,
    environment_json text,
    missing_json text not null
);
create index benchmarks_by_device on benchmarks (device_id, effective_at, id);
create index benchmarks_by_time on benchmarks (effective_at, id);

create table raw_reports (
    benchmark_id integer primary key references benchmarks (id) on delete cascade,
    body_zstd blob not null
);

create table metric_values (
    benchmark_id integer not null references benchmarks (id) on delete cascade,
    metric text not null,
    variant text not null,
    unit text,
    value real not null,
    low real,
    high real,
    spread real,
    verdict text not null,
    test_version integer,
    primary key (benchmark_id, metric, variant)
) without rowid;
