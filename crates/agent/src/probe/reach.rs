//! Where an address leads: out of which interface, to this machine itself, or to the host of this container.

use std::net::{IpAddr, Ipv4Addr};

use super::root::Root;
use super::virt::Virt;

/// The interface that has this address.
pub(crate) fn interface_with(root: &Root, address: IpAddr) -> Option<String> {
    let address = address.to_canonical();
    root.outside()
        .addresses()
        .into_iter()
        .find(|(_, own)| own.to_canonical() == address)
        .map(|(name, _)| name)
}

/// Whether this address is this machine: itself, or the host on which this container runs.
pub(crate) fn is_this_host(root: &Root, address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback()
        || interface_with(root, address).is_some()
        || (Virt::detect(root).container.is_some() && gateway(root).is_some_and(|gateway| address == gateway))
}

/// The default gateway (/proc/net/route: destination and gateway as hexadecimal words of the machine).
fn gateway(root: &Root) -> Option<Ipv4Addr> {
    let text = root.text("/proc/net/route")?;
    text.lines().skip(1).find_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let (destination, gateway) = (words.next()?, words.next()?);
        let word = u32::from_str_radix(gateway, 16).ok().filter(|word| *word != 0)?;
        (destination == "00000000").then(|| Ipv4Addr::from(word.to_ne_bytes()))
    })
}

/// An address of the open Internet, where traffic costs somebody.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            // Addresses behind a provider's translation, RFC 6598.
            let shared = first == 100 && (64..128).contains(&second);
            !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared)
        }
        IpAddr::V6(v6) => {
            !(v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local() || v6.is_unspecified())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree_tests::Tree;
    use super::*;
    use crate::probe::Outside;

    struct Addresses;

    impl Outside for Addresses {
        fn addresses(&self) -> Vec<(String, IpAddr)> {
            vec![("eth0".to_owned(), "172.17.0.2".parse().unwrap())]
        }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn this_machine_and_the_host_of_a_container() {
        let tree = Tree::new();
        let route = "Iface\tDestination\tGateway\tFlags\n\
                     eth0\t000011AC\t00000000\t0001\n\
                     eth0\t00000000\t010011AC\t0003\n";
        tree.write("/proc/net/route", route);
        let this = |address: &str| is_this_host(&tree.root().with(Addresses), ip(address));
        assert!(this("127.0.0.1") && this("::1") && this("172.17.0.2") && this("::ffff:172.17.0.2"));
        assert!(!this("172.17.0.1"), "the gateway of a machine is another one");
        tree.write("/.dockerenv", "");
        assert!(this("172.17.0.1"));
        assert!(!this("172.17.0.9"));
        assert_eq!(interface_with(&tree.root().with(Addresses), ip("172.17.0.2")).as_deref(), Some("eth0"));
    }

    #[test]
    fn public_addresses_are_those_of_others() {
        for private in
            ["10.1.2.3", "192.168.0.1", "100.64.0.1", "169.254.1.1", "127.0.0.1", "fd00::1", "fe80::1"]
        {
            assert!(!is_public(ip(private)), "{private}");
        }
        for public in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2001:db8::1"] {
            assert!(is_public(ip(public)), "{public}");
        }
    }
}
