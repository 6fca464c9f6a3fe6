//! Who is at the other end, through the operator's own proxies but nobody else's.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};

use crate::config::TrustedProxies;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The two ends of the connection that a request came by.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// The other end.
    pub remote: SocketAddr,
    /// Our end.
    pub local: SocketAddr,
}

/// The address of the client itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The nearest address in the chain of proxies that is not one of the operator's.
    pub(super) fn of(peer: Peer, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let mut client = peer.remote.ip().to_canonical();
        for hop in hops(headers) {
            if !proxies.contains(client) {
                break;
            }
            let Some(address) = hop else { break };
            client = address;
        }
        Self(client)
    }
}

/// `X-Forwarded-For` from the nearest hop to the farthest; `None` for what is not an address.
fn hops(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    headers
        .get_all(FORWARDED_FOR)
        .iter()
        .rev()
        .flat_map(|value| value.to_str().unwrap_or("?").rsplit(','))
        .map(|hop| address(hop.trim()))
}

/// An address as proxies write it: bare, with a port, or IPv6 in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let parsed = bare.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    parsed.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(remote: &str, proxies: &str, forwarded: &[&str]) -> String {
        let peer = Peer { remote: remote.parse().unwrap(), local: "127.0.0.1:8007".parse().unwrap() };
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        ClientAddress::of(peer, &headers, &TrustedProxies::parse(proxies).unwrap()).0.to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client("10.0.0.9:1", "", &["1.2.3.4"]), "10.0.0.9");
        assert_eq!(client("10.0.0.9:1", "10.0.0.0/8", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("10.0.0.9:1", "10.0.0.0/8", &[]), "10.0.0.9");
    }

    #[test]
    fn the_chain_is_read_from_our_end() {
        let proxies = "10.0.0.0/8";
        assert_eq!(client("10.0.0.9:1", proxies, &["6.6.6.6, 1.2.3.4, 10.0.0.8"]), "1.2.3.4");
        assert_eq!(client("10.0.0.9:1", proxies, &["6.6.6.6", "1.2.3.4:55", "10.0.0.8"]), "1.2.3.4");
        assert_eq!(client("10.0.0.9:1", proxies, &["1.2.3.4, junk, 10.0.0.8"]), "10.0.0.8");
        assert_eq!(client("10.0.0.9:1", proxies, &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(client("[::ffff:10.0.0.9]:1", proxies, &["[2001:db8::1]:77"]), "2001:db8::1");
    }
}
