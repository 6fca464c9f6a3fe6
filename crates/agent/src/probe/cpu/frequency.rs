//! Frequencies that the processor is made for. Bogomips are not among them.

use report::number::Quantity;

use super::CPUS;
use super::cpuinfo::CpuInfo;
use crate::probe::root::Root;
use crate::probe::text::scaled;

/// Base frequency, GHz, of the fastest core.
pub(crate) fn base(root: &Root, info: &CpuInfo, cpus: &[u32]) -> Option<Quantity> {
    let khz = highest(root, cpus, "cpufreq/base_frequency");
    // ACPI CPPC gives MHz, and AMD's drivers show nothing else.
    let nominal = || highest(root, cpus, "acpi_cppc/nominal_freq").map(|mhz| mhz.saturating_mul(1000));
    let cpuid = || root.outside().cpuid().base_mhz.map(|mhz| u64::from(mhz) * 1000);
    let named = || info.field("model name").and_then(from_model_name);
    scaled(khz.or_else(nominal).or_else(cpuid).or_else(named)?, 1e6)
}

/// Highest frequency, GHz, of the fastest core.
pub(crate) fn max(root: &Root, cpus: &[u32]) -> Option<Quantity> {
    let cpuid = || root.outside().cpuid().max_mhz.map(|mhz| u64::from(mhz) * 1000);
    scaled(highest(root, cpus, "cpufreq/cpuinfo_max_freq").or_else(cpuid)?, 1e6)
}

/// The highest number that a file holds over these processors.
pub(crate) fn highest(root: &Root, cpus: &[u32], file: &str) -> Option<u64> {
    let numbers = cpus.iter().filter_map(|cpu| root.number::<u64>(&format!("{CPUS}/cpu{cpu}/{file}")));
    numbers.max().filter(|highest| *highest > 0)
}

/// Intel writes the base frequency into the name: `… @ 1.60GHz`. In kHz.
fn from_model_name(model: &str) -> Option<u64> {
    let (_, frequency) = model.rsplit_once('@')?;
    let frequency = frequency.trim();
    let (number, khz) = match (frequency.strip_suffix("GHz"), frequency.strip_suffix("MHz")) {
        (Some(number), _) => (number, 1e6),
        (None, Some(number)) => (number, 1e3),
        (None, None) => return None,
    };
    let value = number.trim().parse::<f64>().ok()? * khz;
    (value.is_finite() && (1.0..1e8).contains(&value)).then_some(value.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::from_model_name;

    #[test]
    fn base_frequency_in_the_name() {
        assert_eq!(from_model_name("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz"), Some(1_600_000));
        assert_eq!(from_model_name("Pentium II @ 400 MHz"), Some(400_000));
        assert_eq!(from_model_name("AMD Ryzen 7 5800X 8-Core Processor"), None);
        assert_eq!(from_model_name("x @ infGHz"), None);
        assert_eq!(from_model_name("x @ -1GHz"), None);
    }
}
