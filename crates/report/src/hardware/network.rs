//! Network interfaces.

use crate::hardware::Link;
use crate::number::{Quantity, Whole};
use crate::section::section;
use crate::text::{List, Name};

section! {
    /// Network interfaces.
    pub struct Network {
        /// The interfaces, without loopback.
        pub interfaces: List<Interface>,
    }

    /// One network interface.
    pub struct Interface {
        /// Name.
        pub name: Name,
        /// `ethernet`, `wifi`, `bridge`, `bond`, `vlan`, `veth`, `tun`, `virtual`.
        pub r#type: Name,
        /// Hardware address in clear; ours only with `--include-serials`.
        pub mac: Name,
        /// Address.
        pub ip: Name,
        /// Speed of the link, 10⁶ bit/s.
        pub speed_mbps: Quantity,
        /// Kernel driver.
        pub driver: Name,
        /// Wakes the machine on a magic packet.
        pub wake_on_lan: bool,
        /// Keyed hash of the permanent hardware address.
        pub mac_hash: Name,
        /// `full` or `half`.
        pub duplex: Name,
        /// Largest packet, bytes.
        pub mtu: Whole,
        /// The link between the card and the machine.
        pub link: Link,
    }
}
