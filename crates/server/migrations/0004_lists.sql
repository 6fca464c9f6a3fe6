-- Indexes of lists. Those of columns that move with each report are few: every report would pay for them.

-- By `device_identifier` leads the index of its uniqueness, by name and by model those of the tables.
create index devices_by_creation on devices (created_at, id);
create index devices_by_kind on devices (effective_kind, id);
create index devices_by_status on devices (status, id);
create index devices_by_location on devices (location, id);
