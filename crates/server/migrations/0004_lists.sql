-- Indexes of lists. Those of columns that move with each report are few: every report pays for them.

-- By `device_identifier` leads the index of its uniqueness, and by name that of the table.
create index devices_by_creation on devices (created_at, id);
create index devices_by_kind on devices (effective_kind, id);
create index devices_by_status on devices (status, id);
create index devices_by_location on devices (location, id);

-- Siblings and groups are compared by score: rows are wide, and there may be thousands of one model.
drop index devices_by_model;
create index devices_by_model on devices (model_key, basis, global_score, id, coverage);
