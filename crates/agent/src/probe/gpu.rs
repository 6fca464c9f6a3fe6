//! Graphics cards. PCI names are resolved on the server, which has the list.

use std::collections::BTreeMap;
use std::time::Duration;

use report::hardware::Gpu;
use report::number::Whole;
use report::text::List;

use super::gaps::Gaps;
use super::outside::RunError;
use super::root::Root;
use super::text::{name, name_of, value_of};

const PCI: &str = "/sys/bus/pci/devices";
const DRM: &str = "/sys/class/drm";
const TIMEOUT: Duration = Duration::from_secs(4);

/// Reads the cards; in a container only those whose device files are there.
pub(crate) fn read(root: &Root, container: bool, gaps: &mut Gaps) -> List<Gpu> {
    if container && !root.exists("/dev/dri") && !root.exists("/dev/nvidiactl") {
        return List::default();
    }
    let slots = root.names(PCI).into_iter().filter(|slot| {
        // Class 03: display controllers.
        root.text(&format!("{PCI}/{slot}/class")).is_some_and(|class| class.starts_with("0x03"))
    });
    let slots: Vec<String> = slots.collect();
    let of_nvidia =
        slots.iter().any(|slot| driver(root, &format!("{PCI}/{slot}")).as_deref() == Some("nvidia"));
    let details = if of_nvidia { nvidia_smi(root, gaps) } else { BTreeMap::new() };
    let mut cards: Vec<Gpu> = slots.iter().map(|slot| pci_card(root, slot, &details)).collect();
    cards.extend(on_chip(root));
    cards.into()
}

fn driver(root: &Root, device: &str) -> Option<String> {
    root.link_name(&format!("{device}/driver"))
}

fn pci_card(root: &Root, slot: &str, details: &BTreeMap<String, Nvidia>) -> Gpu {
    let device = format!("{PCI}/{slot}");
    let id = |file: &str| {
        root.text(&format!("{device}/{file}")).map(|id| id.trim_start_matches("0x").to_lowercase())
    };
    let mebibytes = |file: &str| {
        let bytes: u64 = root.number(&format!("{device}/{file}"))?;
        Whole::new(bytes >> 20).filter(|mebibytes| mebibytes.get() > 0)
    };
    let (maker, product) = (id("vendor"), id("device"));
    let nvidia = details.get(slot);
    let information = root.text(&format!("/proc/driver/nvidia/gpus/{slot}/information")).unwrap_or_default();
    let model = nvidia
        .map(|card| card.name.clone())
        .or_else(|| value_of(&information, ':', "Model").map(str::to_owned));
    let driver = driver(root, &device);
    let module_version = || root.text(&format!("/sys/module/{}/version", driver.as_deref()?));
    Gpu {
        vendor: maker.as_deref().and_then(vendor).and_then(name),
        model: name_of(model.or_else(|| root.text(&format!("{device}/product_name")))),
        driver_version: name_of(nvidia.map(|card| card.driver.clone()).or_else(module_version)),
        memory_dedicated_mb: nvidia
            .and_then(|card| card.memory_mib)
            .or_else(|| mebibytes("mem_info_vram_total")),
        memory_shared_mb: mebibytes("mem_info_gtt_total"),
        api_support: None,
        driver: name_of(driver),
        pci_id: maker.zip(product).and_then(|(maker, product)| name(&format!("{maker}:{product}"))),
    }
}

fn vendor(id: &str) -> Option<&'static str> {
    Some(match id {
        "8086" => "Intel",
        "10de" => "NVIDIA",
        "1002" => "AMD",
        "1a03" => "ASPEED",
        "102b" => "Matrox",
        "15ad" => "VMware",
        "80ee" => "VirtualBox",
        "1414" => "Microsoft",
        "1234" | "1b36" | "1af4" => "QEMU",
        "1106" => "VIA",
        "1d17" => "Zhaoxin",
        "0014" | "dd01" => "Loongson",
        _ => return None,
    })
}

/// What NVIDIA's own tool knows of a card.
#[derive(Debug, PartialEq)]
struct Nvidia {
    name: String,
    driver: String,
    memory_mib: Option<Whole>,
}

/// The cards by PCI address; NVIDIA's driver shows neither name nor memory in sysfs.
fn nvidia_smi(root: &Root, gaps: &mut Gaps) -> BTreeMap<String, Nvidia> {
    let query = ["--query-gpu=pci.bus_id,name,driver_version,memory.total", "--format=csv,noheader,nounits"];
    match root.outside().run("nvidia-smi", &query, TIMEOUT) {
        Ok(output) => String::from_utf8_lossy(&output).lines().filter_map(parse_line).collect(),
        Err(error) => {
            let reason = match error {
                RunError::NotPresent => "not_present",
                RunError::TimedOut => "timed_out",
                RunError::NotPermitted | RunError::Failed => "failed",
            };
            gaps.add(
                "hardware.gpus.memory_dedicated_mb",
                reason,
                Some("nvidia-smi comes with NVIDIA's driver and shows it"),
            );
            BTreeMap::new()
        }
    }
}

/// `00000000:01:00.0, NVIDIA GeForce RTX 3080, 550.54.14, 10240`
fn parse_line(line: &str) -> Option<(String, Nvidia)> {
    let mut fields = line.split(',').map(str::trim);
    let bus = fields.next()?.to_lowercase();
    // sysfs writes four digits for the domain where the tool writes eight.
    let address = bus.get(bus.len().checked_sub(12)?..)?.to_owned();
    let (name, driver) = (fields.next()?.to_owned(), fields.next()?.to_owned());
    let memory_mib = fields.next().and_then(|memory| Whole::new(memory.parse().ok()?));
    Some((address, Nvidia { name, driver, memory_mib }))
}

/// Graphics that is part of a board's chip: what renders, not what only drives a display.
fn on_chip(root: &Root) -> Vec<Gpu> {
    let renders = root.names(DRM).into_iter().filter(|node| node.starts_with("renderD"));
    let card = |node: String| {
        let device = format!("{DRM}/{node}/device");
        let uevent = root.text(&format!("{device}/uevent"))?;
        let compatible = value_of(&uevent, '=', "OF_COMPATIBLE_0")?;
        let (maker, chip) = compatible.split_once(',').unwrap_or(("", compatible));
        let maker = match maker {
            "brcm" => "Broadcom",
            "arm" => "ARM",
            "qcom" => "Qualcomm",
            "img" => "Imagination",
            "nvidia" => "NVIDIA",
            other => other,
        };
        Some(Gpu {
            vendor: name(maker),
            model: name(chip),
            driver: name_of(driver(root, &device)),
            ..Gpu::default()
        })
    };
    renders.filter_map(card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_of_nvidia_smi() {
        let (address, card) =
            parse_line("00000000:01:00.0, NVIDIA GeForce RTX 3080, 550.54.14, 10240").expect("a whole line");
        assert_eq!(address, "0000:01:00.0");
        assert_eq!(card.memory_mib, Whole::new(10_240));
        let (_, without) =
            parse_line("00000000:01:00.0, GB10, 580.95, [N/A]").expect("memory shared with the processor");
        assert_eq!(without.memory_mib, None);
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(line in "\\PC{0,80}") {
            let _ = parse_line(&line);
        }
    }
}
