-- Tokens beside API_TOKEN, which may do less than it, or end.

create table tokens (
    id {id},
    name {text} not null,
    -- SHA-256 of the token, which itself is nowhere.
    hash {bytes} not null unique,
    scope {text} not null,
    -- Where it sends reports of one device only: the name under which they must file themselves.
    device {text},
    created_at bigint not null,
    expires_at bigint,
    -- To some minutes.
    last_used_at bigint,
    revoked_at bigint
);
-- A name is free again once its token is revoked.
create unique index tokens_by_name on tokens (name) where revoked_at is null;
