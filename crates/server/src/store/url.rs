//! DATABASE_URL: which engine, and where.

use std::path::PathBuf;

/// The database that the server uses. `Debug` and `Display` hide the password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file. A relative path counts from the working folder.
    Sqlite(PathBuf),
    /// A server, with the address in the form `postgres://…`.
    Postgres(url::Url),
}

/// Why a DATABASE_URL was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "DATABASE_URL {problem}; accepted are sqlite:///relative/file.db, sqlite:////absolute/file.db, \
     postgres://user:password@host/database, postgresql://… and postgresql+psycopg://…"
)]
pub struct DatabaseUrlError {
    problem: String,
}

const POSTGRES_SCHEMES: [&str; 3] = ["postgres", "postgresql", "postgresql+psycopg"];

impl std::str::FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(problem("has no scheme"));
        };
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => sqlite(rest),
            scheme if POSTGRES_SCHEMES.contains(&scheme) => postgres(rest),
            other => Err(problem(&format!("has the unknown scheme {other:?}"))),
        }
    }
}

fn sqlite(rest: &str) -> Result<DatabaseUrl, DatabaseUrlError> {
    let Some(path) = rest.strip_prefix('/') else {
        return Err(problem("names a host, but SQLite is a file and takes three slashes or four"));
    };
    if path.contains('?') {
        return Err(problem("has options after '?', which SQLite files do not take here"));
    }
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| problem("has a path that is not UTF-8"))?;
    if path.is_empty() || path.ends_with('/') {
        return Err(problem("names no file"));
    }
    if path.contains('\0') {
        return Err(problem("has a path with a NUL character"));
    }
    if path.starts_with("file:") {
        return Err(problem("has a path that begins with \"file:\", which SQLite takes for an address"));
    }
    if path == ":memory:" {
        return Err(problem("names a database in memory, which would lose every report"));
    }
    Ok(DatabaseUrl::Sqlite(PathBuf::from(path.as_ref())))
}

fn postgres(rest: &str) -> Result<DatabaseUrl, DatabaseUrlError> {
    url::Url::parse(&format!("postgres://{rest}"))
        .map(DatabaseUrl::Postgres)
        .map_err(|error| problem(&format!("is not an address ({error})")))
}

fn problem(problem: &str) -> DatabaseUrlError {
    DatabaseUrlError { problem: problem.to_owned() }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:///{}", path.display()),
            Self::Postgres(url) => {
                let host = url.host_str().unwrap_or("");
                write!(f, "postgres://{host}{}", url.path())
            }
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DatabaseUrl, String> {
        text.parse().map_err(|error: DatabaseUrlError| error.to_string())
    }

    #[test]
    fn accepted_forms() {
        assert_eq!(parse("sqlite:///./data.db"), Ok(DatabaseUrl::Sqlite("./data.db".into())));
        assert_eq!(parse("sqlite:////var/lib/a.db"), Ok(DatabaseUrl::Sqlite("/var/lib/a.db".into())));
        for scheme in POSTGRES_SCHEMES {
            let url = parse(&format!("{scheme}://u:secret@db:5433/bench"));
            let Ok(DatabaseUrl::Postgres(url)) = url else { panic!("{scheme}: {url:?}") };
            assert_eq!(url.as_str(), "postgres://u:secret@db:5433/bench");
        }
    }

    #[test]
    fn refused_forms_name_the_accepted_ones() {
        for text in [
            "",
            "data.db",
            "mysql://h/d",
            "sqlite://data.db",
            "sqlite:///",
            "sqlite:///:memory:",
            "sqlite:///file:a.db",
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains("sqlite:////absolute") && error.contains("postgresql+psycopg"), "{error}");
        }
    }

    #[test]
    fn the_password_is_not_shown() {
        let url = parse("postgres://u:secret@db/bench").expect("a good address");
        assert_eq!(format!("{url} {url:?}"), "postgres://db/bench postgres://db/bench");
        assert_eq!(parse("sqlite:////a/b.db").expect("a good address").to_string(), "sqlite:////a/b.db");
    }
}
