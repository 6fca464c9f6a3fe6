//! What an x86 processor says of itself; other processors say nothing here.

use crate::probe::Cpuid;

/// Asks the processor that this thread runs on.
#[cfg(target_arch = "x86_64")]
pub fn read() -> Cpuid {
    let cpuid = raw_cpuid::CpuId::new();
    let mhz = |frequency: u16| (frequency > 0).then_some(u32::from(frequency));
    let frequencies = cpuid.get_processor_frequency_info();
    let is_guest = cpuid.get_feature_info().is_some_and(|features| features.has_hypervisor());
    Cpuid {
        hypervisor: is_guest.then(signature),
        base_mhz: frequencies.as_ref().and_then(|info| mhz(info.processor_base_frequency())),
        max_mhz: frequencies.as_ref().and_then(|info| mhz(info.processor_max_frequency())),
    }
}

/// The twelve characters by which a hypervisor shows itself.
#[cfg(target_arch = "x86_64")]
fn signature() -> String {
    let leaf = raw_cpuid::native_cpuid::cpuid_count(0x4000_0000, 0);
    let bytes: Vec<u8> = [leaf.ebx, leaf.ecx, leaf.edx].into_iter().flat_map(u32::to_le_bytes).collect();
    String::from_utf8_lossy(&bytes).trim_matches(['\0', ' ']).to_owned()
}

/// Asks nothing.
#[cfg(not(target_arch = "x86_64"))]
pub fn read() -> Cpuid {
    Cpuid::default()
}
