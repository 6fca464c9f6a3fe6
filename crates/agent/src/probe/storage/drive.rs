//! One drive, as sysfs and udev describe it.

use report::hardware::{Link, StorageDevice};

use super::{mmc, nvme, scsi, vendor};
use crate::probe::hwmon;
use crate::probe::root::Root;
use crate::probe::secret::Secrets;
use crate::probe::text::{meaningful, name, name_of, scaled, value_of};

/// Sizes in sysfs are in these, whatever the drive's own sectors are.
const SECTOR: u64 = 512;

/// What a drive is.
#[derive(Debug, Default)]
pub(crate) struct Drive {
    /// `nvme0n1`, without `/dev/`.
    pub(crate) name: String,
    /// `NVMe`, `SSD`, `HDD` …
    pub(crate) kind: &'static str,
    /// The real path in sysfs of what /sys/block/NAME/device points to.
    pub(crate) device: String,
    pub(crate) interface: Option<String>,
    pub(crate) capacity_bytes: u64,
    pub(crate) vendor: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) firmware: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) rotational: Option<bool>,
    pub(crate) link: Option<Link>,
}

impl Drive {
    /// Reads a drive; `None` for one without size.
    pub(crate) fn read(root: &Root, name: &str) -> Option<Self> {
        let block = format!("/sys/block/{name}");
        let sectors: u64 = root.number(&format!("{block}/size")).filter(|sectors| *sectors > 0)?;
        let real = root.resolve(&block).unwrap_or_else(|| block.clone());
        let mut drive = Self {
            name: name.to_owned(),
            device: root.resolve(&format!("{block}/device")).unwrap_or_else(|| format!("{block}/device")),
            capacity_bytes: sectors.saturating_mul(SECTOR),
            rotational: root.number::<u8>(&format!("{block}/queue/rotational")).map(|flag| flag == 1),
            ..Self::default()
        };
        if name.starts_with("nvme") {
            nvme::describe(root, &mut drive);
        } else if name.starts_with("mmcblk") {
            mmc::describe(root, &mut drive);
        } else if name.starts_with("sd") {
            scsi::describe(root, &real, &mut drive);
        } else {
            drive.describe_virtual(root, &block, &real);
        }
        drive.fill_from_udev(root, &block);
        if drive.vendor.is_none() {
            drive.vendor = drive.model.as_deref().and_then(vendor::of_model).map(str::to_owned);
        }
        Some(drive)
    }

    /// A drive that a hypervisor or the network provides.
    pub(crate) fn is_virtual(&self) -> bool {
        self.kind == "virtual"
    }

    fn describe_virtual(&mut self, root: &Root, block: &str, real: &str) {
        self.kind = "virtual";
        // What a hypervisor says of platters is a guess.
        self.rotational = None;
        let bus = if real.contains("/virtio") {
            "virtio"
        } else if self.name.starts_with("xvd") {
            "xen"
        } else if ["nbd", "rbd", "aoe"].iter().any(|prefix| self.name.starts_with(prefix)) {
            "network"
        } else {
            return;
        };
        self.interface = Some(bus.to_owned());
        self.serial = root.text(&format!("{block}/serial"));
    }

    /// udev's record of the drive has the model that sysfs cuts to 16 characters, and the serial number.
    fn fill_from_udev(&mut self, root: &Root, block: &str) {
        let Some(number) = root.text(&format!("{block}/dev")) else { return };
        let Some(record) = root.text(&format!("/run/udev/data/b{number}")) else { return };
        let property = |key: &str| value_of(&record, '=', &format!("E:{key}")).map(str::to_owned);
        if self.name.starts_with("sd") {
            let full = property("ID_MODEL_ENC").map(|text| text.replace("\\x20", " "));
            self.model =
                full.or_else(|| property("ID_MODEL")).as_deref().and_then(meaningful).or(self.model.take());
            self.firmware = property("ID_REVISION").or(self.firmware.take());
        }
        self.serial = self.serial.take().or_else(|| property("ID_SERIAL_SHORT"));
    }

    /// The drive as a report carries it, without its health.
    pub(crate) fn report(&self, secrets: &Secrets<'_>) -> StorageDevice {
        let serial = self.serial.as_deref().and_then(meaningful);
        StorageDevice {
            name: name(&format!("/dev/{}", self.name)),
            r#type: name(self.kind),
            interface: name_of(self.interface.clone()),
            capacity_gb: scaled(self.capacity_bytes, 1e9),
            vendor: name_of(self.vendor.clone()),
            model: name_of(self.model.clone()),
            serial_hash: serial.as_deref().and_then(|serial| secrets.part_hash(serial)),
            serial: serial.as_deref().and_then(|serial| secrets.in_clear(serial)),
            firmware: name_of(self.firmware.clone()),
            rotational: self.rotational,
            link: self.link.clone(),
            ..StorageDevice::default()
        }
    }

    /// The temperature that the kernel's monitoring shows to everybody, °C.
    pub(crate) fn temperature(&self, root: &Root) -> Option<f64> {
        hwmon::folders_under(root, &self.device)
            .iter()
            .find_map(|folder| hwmon::celsius(root, folder, "temp1_input"))
    }
}
