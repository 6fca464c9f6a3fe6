//! Which proxy leads to the server: the variables that curl and wget read, in the same way.

use std::net::IpAddr;

/// Looks an environment variable up; a parameter, so that tests need not change the environment.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The proxy for `scheme://host`, or `None` to go directly.
///
/// `HTTP_PROXY` in capitals is not read: web servers set it from a request header.
pub fn proxy_for(scheme: &str, host: &str, environment: Lookup<'_>) -> Option<String> {
    let get = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
    let names: &[&str] = match scheme {
        "https" => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        _ => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let proxy = names.iter().find_map(|name| get(name))?;
    let exceptions = get("no_proxy").or_else(|| get("NO_PROXY")).unwrap_or_default();
    let direct = exceptions.split([',', ' ']).any(|entry| excepts(entry.trim(), host));
    (!direct).then_some(proxy)
}

/// Does one entry of `no_proxy` cover the host? A name covers itself and what is below it, an address may
/// be a network (`192.168.0.0/16`), `*` covers all.
fn excepts(entry: &str, host: &str) -> bool {
    if entry == "*" {
        return true;
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return covers_address(entry.trim_matches(['[', ']']), address);
    }
    let entry = entry.trim_start_matches("*.").trim_start_matches('.').to_ascii_lowercase();
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    !entry.is_empty() && (host == entry || host.strip_suffix(&entry).is_some_and(|rest| rest.ends_with('.')))
}

fn covers_address(entry: &str, address: IpAddr) -> bool {
    let (network, length) = match entry.split_once('/') {
        Some((network, length)) => (network, length.parse().ok()),
        None => (entry, Some(128)),
    };
    let Some(length) = length else { return false };
    match (network.parse(), address) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(address)) => {
            same_prefix(u128::from(network.to_bits()), u128::from(address.to_bits()), 32, length)
        }
        (Ok(IpAddr::V6(network)), IpAddr::V6(address)) => {
            same_prefix(network.to_bits(), address.to_bits(), 128, length)
        }
        _ => false,
    }
}

fn same_prefix(left: u128, right: u128, width: u32, length: u32) -> bool {
    let ignored = width - length.min(width);
    left.checked_shr(ignored).unwrap_or(0) == right.checked_shr(ignored).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(scheme: &str, host: &str, variables: &[(&str, &str)]) -> Option<String> {
        let get =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        proxy_for(scheme, host, &get)
    }

    #[test]
    fn each_scheme_has_its_variable() {
        let variables = [("https_proxy", "http://s:1"), ("http_proxy", "http://p:1")];
        assert_eq!(choose("http", "a", &variables).as_deref(), Some("http://p:1"));
        assert_eq!(choose("https", "a", &variables).as_deref(), Some("http://s:1"));
        assert_eq!(choose("http", "a", &[("https_proxy", "http://s:1"), ("HTTP_PROXY", "x")]), None);
        assert_eq!(choose("http", "a", &[("ALL_PROXY", "http://a:1")]).as_deref(), Some("http://a:1"));
        assert_eq!(choose("http", "a", &[("http_proxy", "")]), None);
    }

    #[test]
    fn exceptions_go_directly() {
        let direct = |no_proxy: &str, host: &str| {
            choose("http", host, &[("http_proxy", "http://p:1"), ("no_proxy", no_proxy)]).is_none()
        };
        assert!(direct("*", "bench.lan"));
        assert!(direct("localhost,.lan", "bench.lan"));
        assert!(direct("lan", "bench.lan"));
        assert!(direct("bench.lan", "BENCH.lan"));
        assert!(!direct("ench.lan", "bench.lan"));
        assert!(direct("192.168.0.0/16", "192.168.4.5"));
        assert!(!direct("192.168.0.0/16", "192.169.4.5"));
        assert!(direct("0.0.0.0/0", "10.0.0.1"));
        assert!(direct("10.0.0.1", "10.0.0.1"));
        assert!(direct("fd00::/8", "fd00::1"));
        assert!(!direct("10.0.0.0/x", "10.0.0.1"));
        assert!(!direct("", "bench.lan"));
    }
}
