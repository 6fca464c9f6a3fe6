//! From text to [`Config`].

use std::path::{Path, PathBuf};

use super::{
    AllowedHosts, Config, ConfigError, CorsOrigins, DatabaseUrl, LogFormat, PublicUrl, ReadAccess, Secret,
    Settings, TrustedProxies, UploadPlace, auth_header, token,
};
use crate::store::PATIENCE;

impl Settings {
    /// Looks at every setting and fills in the defaults. `program` is the path of the running executable:
    /// the agents' folder stands beside it by default. Nothing is read or written.
    ///
    /// # Errors
    /// The first setting that cannot be used, with its form and an example.
    pub fn validate(self, program: &Path) -> Result<Config, ConfigError> {
        let Self {
            api_token,
            database_url,
            host,
            port,
            public_url,
            trusted_proxies,
            allowed_hosts,
            read_access,
            auth_header,
            cors_origins,
            agent_dir,
            upload_dir,
            max_upload_mb,
            tmp_dir,
            log_format,
        } = self;
        let public_url = given(public_url).map(|text| PublicUrl::parse(&text)).transpose()?;
        let trusted_proxies = TrustedProxies::parse(&given(trusted_proxies).unwrap_or_default())?;
        let auth_header = given(auth_header).map(|text| auth_header::parse(&text, &trusted_proxies));
        let public_host = public_url.as_ref().map(PublicUrl::host);
        let database = secret(database_url).unwrap_or_else(|| Secret::new("sqlite:///./data.db"));
        Ok(Config {
            api_token: secret(api_token).map(token::validate).transpose()?,
            database: parse_database(&database)?,
            database_patience: PATIENCE,
            host: given(host).unwrap_or_else(|| "0.0.0.0".to_owned()),
            port: given(port).map_or(Ok(8007), |text| parse_port(&text))?,
            trusted_proxies,
            auth_header: auth_header.transpose()?,
            cors_origins: CorsOrigins::parse(&given(cors_origins).unwrap_or_default())?,
            allowed_hosts: AllowedHosts::parse(given(allowed_hosts).as_deref(), public_host)?,
            public_url,
            read_access: given(read_access).map_or(Ok(ReadAccess::Open), |text| ReadAccess::parse(&text))?,
            agent_dir: given(agent_dir).map_or_else(|| beside(program), PathBuf::from),
            uploads: UploadPlace::parse(given(upload_dir).as_deref().unwrap_or("./uploads"))?,
            max_upload_bytes: given(max_upload_mb).map_or(Ok(100 << 20), |text| parse_size(&text))?,
            tmp_dir: given(tmp_dir).map(PathBuf::from),
            log_format: given(log_format).map_or(Ok(LogFormat::Text), |text| parse_format(&text))?,
        })
    }
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn secret(text: Option<Secret>) -> Option<Secret> {
    text.filter(|text| !text.expose().trim().is_empty())
}

fn beside(program: &Path) -> PathBuf {
    program.parent().unwrap_or(Path::new(".")).join("agent")
}

fn parse_database(url: &Secret) -> Result<DatabaseUrl, ConfigError> {
    url.expose().parse().map_err(ConfigError::from)
}

fn parse_port(text: &str) -> Result<u16, ConfigError> {
    text.trim().parse().map_err(|_| {
        ConfigError::new("PORT", format!("{text:?} is not a port"), "a number from 0 to 65535", "8007")
    })
}

/// MiB to bytes.
fn parse_size(text: &str) -> Result<u64, ConfigError> {
    let mib = text.trim().parse().ok().filter(|mib| (1..=10_000).contains(mib));
    mib.map(|mib: u64| mib << 20).ok_or_else(|| {
        let problem = format!("{text:?} is not a size");
        ConfigError::new("MAX_UPLOAD_MB", problem, "a whole number of MiB from 1 to 10000", "100")
    })
}

fn parse_format(text: &str) -> Result<LogFormat, ConfigError> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(ConfigError::new("LOG_FORMAT", format!("{text:?} is not a format"), "text or json", "json")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validate(settings: Settings) -> Result<Config, ConfigError> {
        settings.validate(Path::new("/opt/bench/benchtools-server"))
    }

    #[test]
    fn nothing_set_gives_the_documented_defaults() {
        let config = validate(Settings::default()).unwrap();
        assert_eq!(config.database, DatabaseUrl::Sqlite("./data.db".into()));
        assert_eq!((config.host.as_str(), config.port), ("0.0.0.0", 8007));
        assert_eq!(config.agent_dir, PathBuf::from("/opt/bench/agent"));
        assert!(config.api_token.is_none() && config.public_url.is_none());
        assert_eq!(config.uploads, UploadPlace::Folder("./uploads".into()));
        assert_eq!(config.max_upload_bytes, 100 << 20);
    }

    #[test]
    fn empty_is_the_same_as_absent() {
        let empty = || Some(String::new());
        let settings = Settings {
            api_token: Some(Secret::new("")),
            database_url: Some(Secret::new("")),
            port: empty(),
            host: empty(),
            log_format: empty(),
            read_access: empty(),
            allowed_hosts: empty(),
            upload_dir: empty(),
            max_upload_mb: empty(),
            tmp_dir: empty(),
            ..Settings::default()
        };
        let config = validate(settings).unwrap();
        assert!(config.api_token.is_none() && config.port == 8007 && config.allowed_hosts.allows("nas"));
        assert_eq!(config.tmp_dir, None);
    }

    #[test]
    fn the_tokens_of_the_examples_refuse_and_say_how_to_make_one() {
        for token in ["CHANGE_ME", "SUPER_SECRET_TOKEN"] {
            let settings = Settings { api_token: Some(Secret::new(token)), ..Settings::default() };
            let message = validate(settings).unwrap_err().to_string();
            assert!(message.contains("API_TOKEN") && message.contains("/dev/urandom"), "{message}");
        }
    }

    #[test]
    fn a_wrong_value_names_the_variable_the_form_and_an_example() {
        let port = Settings { port: Some("80a".to_owned()), ..Settings::default() };
        let message = validate(port).unwrap_err().to_string();
        assert!(message.contains("\"80a\"") && message.contains("PORT=8007"), "{message}");
        let format = Settings { log_format: Some("xml".to_owned()), ..Settings::default() };
        assert!(validate(format).unwrap_err().to_string().contains("LOG_FORMAT=json"));
        for size in ["0", "-1", "1.5", "10001", "100MB"] {
            let size = Settings { max_upload_mb: Some(size.to_owned()), ..Settings::default() };
            assert!(validate(size).unwrap_err().to_string().contains("MAX_UPLOAD_MB=100"));
        }
        let access = Settings { read_access: Some("everyone".to_owned()), ..Settings::default() };
        assert!(validate(access).unwrap_err().to_string().contains("open, public or token"));
    }

    #[test]
    fn a_wrong_database_is_told_once() {
        let settings = Settings { database_url: Some(Secret::new("mysql://x/y")), ..Settings::default() };
        let told = format!("{:#}", anyhow::Error::from(validate(settings).unwrap_err()));
        assert_eq!(told.matches("mysql").count(), 1, "{told}");
        assert_eq!(told.matches("accepted are").count(), 1, "{told}");
    }

    #[test]
    fn debug_shows_no_secret() {
        let settings = Settings {
            api_token: Some(Secret::new("hunter2hunter2")),
            database_url: Some(Secret::new("postgres://u:hunter2@h/d")),
            ..Settings::default()
        };
        let raw = format!("{settings:?}");
        let validated = format!("{:?}", validate(settings).unwrap());
        assert!(!raw.contains("hunter2") && !validated.contains("hunter2"));
    }
}
