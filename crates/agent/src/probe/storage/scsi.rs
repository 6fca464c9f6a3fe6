//! Drives that the kernel drives as SCSI: SATA, SAS, USB, and those of hypervisors.

use report::hardware::Link;
use report::text::Name;

use super::ata::Identify;
use super::drive::Drive;
use crate::probe::root::Root;

/// Adds what the drive and its bus say. `real` is the drive's real path in sysfs.
pub(super) fn describe(root: &Root, real: &str, drive: &mut Drive) {
    let field = |file: &str| root.text(&format!("/sys/block/{}/device/{file}", drive.name));
    let (vendor, model) = (field("vendor"), field("model"));
    let identify = Identify::read(root, &drive.device);
    let is_virtual =
        vendor.as_deref().is_some_and(of_hypervisor) || model.as_deref().is_some_and(of_hypervisor);
    drive.firmware = identify.as_ref().and_then(|id| id.firmware.clone()).or_else(|| field("rev"));
    drive.serial =
        identify.as_ref().and_then(|id| id.serial.clone()).or_else(|| unit_serial(root, &drive.device));
    drive.model = identify.as_ref().and_then(|id| id.model.clone()).or(model);
    // SATA drives all say that their maker is "ATA".
    drive.vendor = vendor.filter(|vendor| vendor != "ATA" && !vendor.is_empty());
    drive.kind = match drive.rotational {
        _ if is_virtual => "virtual",
        _ if real.contains("/usb") => "USB",
        Some(true) => "HDD",
        _ => "SSD",
    };
    if is_virtual {
        drive.rotational = None;
    }
    let (interface, link) = bus(root, real, identify.as_ref());
    drive.interface = interface;
    drive.link = link;
}

fn of_hypervisor(text: &str) -> bool {
    ["QEMU", "VMware", "VBOX", "Msft", "Virtual", "Xen", "Google", "Amazon"]
        .iter()
        .any(|maker| text.starts_with(maker))
}

/// The unit serial number page (SPC-4, 7.8.15): four bytes of header, then text.
fn unit_serial(root: &Root, device: &str) -> Option<String> {
    let page = root.bytes(&format!("{device}/vpd_pg80")).ok()?;
    Some(String::from_utf8_lossy(page.get(4..)?).trim().to_owned()).filter(|serial| !serial.is_empty())
}

fn bus(root: &Root, real: &str, identify: Option<&Identify>) -> (Option<String>, Option<Link>) {
    let named = |name: &str| (Some(name.to_owned()), None);
    if let Some(usb) = usb_device(root, real) {
        return of_usb(root, &usb);
    }
    if let Some(port) =
        real.split('/').find_map(|part| part.strip_prefix("ata")).filter(|port| is_number(port))
    {
        return of_sata(root, port, identify);
    }
    if real.contains("/end_device-") {
        named("SAS")
    } else if real.contains("/virtio") {
        named("virtio-scsi")
    } else if real.contains("/VMBUS") || real.contains("/vmbus") {
        named("vmbus")
    } else {
        (None, None)
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn of_sata(root: &Root, port: &str, identify: Option<&Identify>) -> (Option<String>, Option<Link>) {
    let speed = |file: &str| {
        let text = root.text(&format!("/sys/class/ata_link/link{port}/{file}"))?;
        text.strip_suffix("Gbps")?.trim().parse::<f64>().ok().filter(|speed| *speed > 0.0)
    };
    let own = identify.and_then(|id| id.sata_gbps);
    let of_port = speed("hw_sata_spd_limit");
    let now = speed("sata_spd");
    let max = match (own, of_port) {
        (Some(own), Some(port)) => Some(own.min(port)),
        (own, port) => own.or(port),
    };
    let rate = |gbps: f64| Name::lossy(&format!("{gbps} Gb/s"));
    let link = (now.is_some() || max.is_some()).then(|| Link {
        speed: now.map(rate),
        max_speed: max.map(rate),
        ..Link::default()
    });
    let name = max.or(now).map_or_else(|| "SATA".to_owned(), |gbps| format!("SATA {gbps} Gb/s"));
    (Some(name), link)
}

/// The USB device that a path lies under: the nearest folder with a speed.
fn usb_device(root: &Root, real: &str) -> Option<String> {
    if !real.contains("/usb") {
        return None;
    }
    let mut folder = real;
    while let Some((parent, last)) = folder.rsplit_once('/') {
        if last.starts_with("usb") {
            return None;
        }
        if root.exists(&format!("{folder}/speed")) && root.exists(&format!("{folder}/version")) {
            return Some(folder.to_owned());
        }
        folder = parent;
    }
    None
}

fn of_usb(root: &Root, folder: &str) -> (Option<String>, Option<Link>) {
    let version = root.text(&format!("{folder}/version"));
    let digits = version.as_deref().and_then(|text| text.trim().parse::<f64>().ok());
    let name = digits.map_or_else(|| "USB".to_owned(), |version| format!("USB {version:.1}"));
    let speed = root.number::<f64>(&format!("{folder}/speed")).map(|mbps| match mbps {
        1000.0.. => format!("{} Gb/s", mbps / 1000.0),
        _ => format!("{mbps} Mb/s"),
    });
    let link = speed.map(|speed| Link { speed: Some(Name::lossy(&speed)), ..Link::default() });
    (Some(name), link)
}
