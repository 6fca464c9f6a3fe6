//! Network interfaces.

use std::net::IpAddr;

use report::hardware::{Interface, Network};
use report::number::{Quantity, Whole};
use report::text::Name;

use super::gaps::Gaps;
use super::pci;
use super::root::Root;
use super::secret::Secrets;
use super::text::{name, name_of, value_of};

const NET: &str = "/sys/class/net";

/// Reads the interfaces, and the permanent addresses of built-in adapters.
pub(crate) fn read(root: &Root, secrets: &Secrets<'_>, gaps: &mut Gaps) -> (Network, Vec<String>) {
    let addresses = root.outside().addresses();
    let names =
        root.names(NET).into_iter().filter(|name| name != "lo" && root.is_folder(&format!("{NET}/{name}")));
    let adapters: Vec<Adapter> = names.map(|name| Adapter::read(root, name)).collect();
    if adapters.is_empty() {
        gaps.add("hardware.network.interfaces", "not_exposed", None);
    }
    let macs = adapters.iter().filter_map(|adapter| adapter.key.clone()).collect();
    let interfaces = adapters.iter().map(|adapter| adapter.report(root, &addresses, secrets)).collect();
    (Network { interfaces: Some(interfaces) }, macs)
}

/// One interface, before it is decided what may be shown of it.
struct Adapter {
    name: String,
    kind: &'static str,
    /// The address that it uses now.
    mac: Option<String>,
    /// The address that it was made with, if that tells this machine from others.
    key: Option<String>,
}

impl Adapter {
    fn read(root: &Root, name: String) -> Self {
        let kind = kind(root, &name);
        let mac = root
            .text(&format!("{NET}/{name}/address"))
            .filter(|mac| mac.bytes().any(|b| !matches!(b, b'0' | b':')));
        let key = permanent(root, &name, kind, mac.as_deref());
        Self { name, kind, mac, key }
    }

    fn report(&self, root: &Root, addresses: &[(String, IpAddr)], secrets: &Secrets<'_>) -> Interface {
        let field = |file: &str| root.text(&format!("{NET}/{}/{file}", self.name));
        // Interfaces without a link answer with -1 or with an error.
        let speed = field("speed")
            .and_then(|text| text.parse::<i64>().ok())
            .filter(|mbps| (1..1_000_000_000).contains(mbps));
        let device = format!("{NET}/{}/device", self.name);
        let wakes = match field("device/power/wakeup").as_deref() {
            Some("enabled") => Some(true),
            Some("disabled") => Some(false),
            _ => None,
        };
        Interface {
            name: name(&self.name),
            r#type: name(self.kind),
            mac: self.mac.as_deref().and_then(|mac| secrets.in_clear(mac)),
            ip: first_address(addresses, &self.name).map(|address| Name::lossy(&address.to_string())),
            speed_mbps: speed.and_then(|mbps| Quantity::new(mbps as f64)),
            driver: name_of(root.link_name(&format!("{device}/driver"))),
            wake_on_lan: wakes,
            mac_hash: self.key.as_deref().and_then(|mac| secrets.mac_hash(mac)),
            duplex: field("duplex").filter(|duplex| duplex != "unknown").as_deref().and_then(name),
            mtu: field("mtu").and_then(|text| Whole::new(text.parse().ok()?)),
            link: pci::device_of(root, &device).and_then(|folder| pci::link(root, &folder)),
        }
    }
}

fn kind(root: &Root, name: &str) -> &'static str {
    let has = |file: &str| root.exists(&format!("{NET}/{name}/{file}"));
    let uevent = root.text(&format!("{NET}/{name}/uevent")).unwrap_or_default();
    let devtype = value_of(&uevent, '=', "DEVTYPE").unwrap_or_default();
    if has("wireless") || has("phy80211") || devtype == "wlan" {
        "wifi"
    } else if has("bridge") || devtype == "bridge" {
        "bridge"
    } else if has("bonding") || devtype == "bond" {
        "bond"
    } else if devtype == "vlan" || root.exists(&format!("/proc/net/vlan/{name}")) {
        "vlan"
    } else if has("tun_flags") {
        "tun"
    } else if devtype == "wwan" {
        "wwan"
    } else if has("device") {
        "ethernet"
    } else if is_veth(root, name) {
        "veth"
    } else {
        "virtual"
    }
}

/// One end of a pair has another interface behind it that is not below it in this name space.
fn is_veth(root: &Root, name: &str) -> bool {
    let index = root.number::<i64>(&format!("{NET}/{name}/ifindex"));
    let peer = root.number::<i64>(&format!("{NET}/{name}/iflink"));
    let stacked = root.names(&format!("{NET}/{name}")).iter().any(|file| file.starts_with("lower_"));
    peer.is_some_and(|peer| peer > 0) && index != peer && !stacked
}

/// The address that a built-in adapter was made with. Adapters on USB move from machine to machine,
/// and locally administered addresses are made up.
fn permanent(root: &Root, name: &str, kind: &str, mac: Option<&str>) -> Option<String> {
    if !matches!(kind, "ethernet" | "wifi") {
        return None;
    }
    let device = root.resolve(&format!("{NET}/{name}/device"))?;
    if device.contains("/usb") {
        return None;
    }
    // 0 is NET_ADDR_PERM; everything else was made up or set.
    let unchanged = root.text(&format!("{NET}/{name}/addr_assign_type")).as_deref() == Some("0");
    let told =
        || root.outside().permanent_mac(name).map(|bytes| bytes.map(|byte| format!("{byte:02x}")).join(":"));
    let address = if unchanged { mac.map(str::to_owned) } else { told() }?;
    (first_octet(&address)? & 0b11 == 0).then_some(address)
}

fn first_octet(mac: &str) -> Option<u8> {
    u8::from_str_radix(mac.get(..2)?, 16).ok()
}

/// The first IPv4 address, else an IPv6 address that is valid beyond the link.
fn first_address(addresses: &[(String, IpAddr)], name: &str) -> Option<IpAddr> {
    let own = || addresses.iter().filter(|(interface, _)| interface == name).map(|(_, address)| *address);
    own().find(IpAddr::is_ipv4).or_else(|| {
        own().find(
            |address| matches!(address, IpAddr::V6(v6) if !v6.is_unicast_link_local() && !v6.is_loopback()),
        )
    })
}
