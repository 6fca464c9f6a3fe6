-- What a person says of benchmarks, and how they are found.

-- 1 if a person took it out of what counts, and why.
alter table benchmarks add column excluded bigint not null default 0;
alter table benchmarks add column excluded_reason {text};
create index benchmarks_excluded on benchmarks (effective_at, id) where excluded = 1;
create index benchmarks_by_label on benchmarks (label, effective_at, id) where label is not null;

-- Wider than their order needs: filters are decided in the index alone, which is read much faster than the rows are.
drop index benchmarks_by_time;
create index benchmarks_by_time on benchmarks (effective_at, id, verdict, basis, preset, excluded);
drop index benchmarks_by_device;
create index benchmarks_by_device on benchmarks (device_id, effective_at, id, verdict, basis, preset, excluded);
