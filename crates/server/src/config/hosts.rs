//! `ALLOWED_HOSTS`: the names under which the server answers.
//!
//! A page on another site can point a name of its own at our address (DNS rebinding) and then speak to
//! us as if it were ours. It cannot do so with an address, so addresses are always fine.

use std::net::IpAddr;

use super::error::ConfigError;

const VARIABLE: &str = "ALLOWED_HOSTS";
const FORM: &str = "names with commas, without a port; a leading dot covers a whole domain";
const EXAMPLE: &str = "bench.example.org,.corp.example.org";

/// Which names in `Host` are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHosts {
    /// `None`: the names of home networks.
    listed: Option<Vec<String>>,
    public: Option<String>,
}

impl AllowedHosts {
    /// Reads the list; `None` stands for the default. `public` is the host of `PUBLIC_URL`.
    ///
    /// # Errors
    /// Names the entry that is not a host name.
    pub fn parse(list: Option<&str>, public: Option<&str>) -> Result<Self, ConfigError> {
        let listed = match list {
            None => None,
            Some(list) => Some(
                list.split(',')
                    .map(str::trim)
                    .filter(|entry| !entry.is_empty())
                    .map(entry)
                    .collect::<Result<Vec<_>, _>>()?,
            ),
        };
        Ok(Self { listed, public: public.map(str::to_ascii_lowercase) })
    }

    /// Whether `host` (without a port; IPv6 in brackets) is one of ours.
    pub fn allows(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        if is_address(host) || is_below(host, "localhost") || self.public.as_deref() == Some(host) {
            return true;
        }
        if !is_name(host) {
            return false;
        }
        match &self.listed {
            None => is_local_name(host),
            Some(listed) => listed.iter().any(|entry| match entry.strip_prefix('.') {
                Some(domain) => is_below(host, domain),
                None => entry == host,
            }),
        }
    }
}

fn entry(text: &str) -> Result<String, ConfigError> {
    let name = text.to_ascii_lowercase();
    if is_name(name.strip_prefix('.').unwrap_or(&name)) {
        return Ok(name);
    }
    Err(ConfigError::new(VARIABLE, format!("{text:?} is not the name of a host"), FORM, EXAMPLE))
}

fn is_address(host: &str) -> bool {
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4()),
    }
}

fn is_local_name(host: &str) -> bool {
    !host.contains('.') || ["local", "lan", "home.arpa"].iter().any(|domain| is_below(host, domain))
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Letters, digits, hyphens and underscores between single dots: nothing that could be read as text of
/// a script or a page.
pub(super) fn is_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_names_and_addresses_are_ours_by_default() {
        let hosts = AllowedHosts::parse(None, Some("bench.example.org")).unwrap();
        let ours = [
            "127.0.0.1",
            "192.168.1.5",
            "[::1]",
            "[fe80::1]",
            "localhost",
            "a.localhost",
            "nas",
            "NAS",
            "nas.local",
        ];
        for host in ours.iter().chain(&["nas.lan", "x.home.arpa", "bench.example.org", "BENCH.example.org."])
        {
            assert!(hosts.allows(host), "{host}");
        }
        let foreign =
            ["evil.example.com", "bench.example.org.evil.com", "local.evil.com", "xlocalhost.com", "", "::1"];
        for host in
            foreign.iter().chain(&["$(id)", "a b", "nas;id", "a..local", "-x", "nas'", "[::1", "[zz]"])
        {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn a_list_replaces_the_names_but_not_the_addresses() {
        let hosts = AllowedHosts::parse(Some("bench.example.org, .corp.example"), None).unwrap();
        for host in ["bench.example.org", "a.corp.example", "corp.example", "10.0.0.1", "localhost"] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in ["nas", "nas.local", "example.org", "xcorp.example"] {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn a_wrong_entry_is_named() {
        let message = AllowedHosts::parse(Some("ok,http://x"), None).unwrap_err().to_string();
        assert!(message.contains("ALLOWED_HOSTS") && message.contains("\"http://x\""), "{message}");
    }
}
