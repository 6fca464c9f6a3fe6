//! `TRUSTED_PROXIES`: whose `X-Forwarded-*` headers are believed.

use std::net::IpAddr;

use ipnet::IpNet;

use super::error::ConfigError;

/// Addresses and networks of the operator's own proxies; nobody by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and networks with commas between them.
    ///
    /// # Errors
    /// Names the entry that is neither.
    pub fn parse(list: &str) -> Result<Self, ConfigError> {
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether nobody is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `address` is one of them. An IPv4 address is the same one when it comes mapped into IPv6.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(entry: &str) -> Result<IpNet, ConfigError> {
    let address = entry.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    address.or_else(|_| entry.parse::<IpNet>()).map_err(|_| {
        ConfigError::new(
            "TRUSTED_PROXIES",
            format!("{entry:?} is neither an address nor a network"),
            "addresses or networks with commas",
            "127.0.0.1,10.0.0.0/8",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_found() {
        let proxies = TrustedProxies::parse("127.0.0.1, 10.0.0.0/8,fd00::/8").unwrap();
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "10.9.8.7", "fd12::1"] {
            assert!(proxies.contains(address.parse().unwrap()), "{address}");
        }
        assert!(!proxies.contains("192.168.0.1".parse().unwrap()));
        assert!(!TrustedProxies::default().contains("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn a_wrong_entry_is_named() {
        let message = TrustedProxies::parse("proxy.lan").unwrap_err().to_string();
        assert!(message.contains("TRUSTED_PROXIES") && message.contains("proxy.lan"), "{message}");
    }
}
