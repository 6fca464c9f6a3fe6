//! PCI Express: the link between a card and the machine.

use report::hardware::Link;
use report::text::Name;

use super::root::Root;

/// Speeds of a lane, GT/s, by generation from 1.0 on.
const GENERATIONS: [f64; 6] = [2.5, 5.0, 8.0, 16.0, 32.0, 64.0];

/// The folder of the PCI device that a sysfs path lies in or under.
pub(crate) fn device_of(root: &Root, path: &str) -> Option<String> {
    let real = root.resolve(path)?;
    let mut folder = real.as_str();
    while !folder.is_empty() {
        let (parent, last) = folder.rsplit_once('/')?;
        if is_address(last) {
            return Some(folder.to_owned());
        }
        folder = parent;
    }
    None
}

/// The link of the PCI device in `folder`; `None` where it has none, as parts of the chipset.
pub(crate) fn link(root: &Root, folder: &str) -> Option<Link> {
    let own = Side::read(root, folder);
    let port = folder.rsplit_once('/').map(|(parent, _)| Side::read(root, parent)).unwrap_or_default();
    let speed = lesser(own.max_speed, port.max_speed)?;
    let width = lesser(own.max_width, port.max_width)?;
    Some(Link {
        speed: own.speed.map(rate),
        width: own.width.map(Into::into),
        max_speed: Some(rate(speed)),
        max_width: Some(width.into()),
    })
}

/// `PCIe 3.0 x4`: what the link can do, since links slow down to save power.
pub(crate) fn interface(link: &Link) -> Option<String> {
    let speed: f64 = link.max_speed.as_deref()?.split_once(' ')?.0.parse().ok()?;
    let generation = GENERATIONS.iter().position(|known| *known == speed)? + 1;
    Some(format!("PCIe {generation}.0 x{}", link.max_width?.get()))
}

/// One end of a link.
#[derive(Default)]
struct Side {
    speed: Option<f64>,
    width: Option<u32>,
    max_speed: Option<f64>,
    max_width: Option<u32>,
}

impl Side {
    fn read(root: &Root, folder: &str) -> Self {
        let speed = |file: &str| {
            let text = root.text(&format!("{folder}/{file}"))?;
            text.split_whitespace().next()?.parse::<f64>().ok().filter(|speed| GENERATIONS.contains(speed))
        };
        // 0 and 255 are what ports answer that have no link.
        let width =
            |file: &str| root.number(&format!("{folder}/{file}")).filter(|width| (1..=32).contains(width));
        Self {
            speed: speed("current_link_speed"),
            width: width("current_link_width"),
            max_speed: speed("max_link_speed"),
            max_width: width("max_link_width"),
        }
    }
}

fn lesser<T: PartialOrd>(own: Option<T>, port: Option<T>) -> Option<T> {
    let own = own?;
    Some(port.filter(|port| *port < own).unwrap_or(own))
}

fn rate(speed: f64) -> Name {
    Name::lossy(&format!("{speed:.1} GT/s"))
}

/// `0000:01:00.0`.
fn is_address(name: &str) -> bool {
    let mut parts = name.split([':', '.']);
    let lengths = [4..=8, 2..=2, 2..=2, 1..=1];
    let fits = lengths.into_iter().all(|length| {
        parts
            .next()
            .is_some_and(|part| length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit()))
    });
    fits && parts.next().is_none() && name.contains('.')
}
