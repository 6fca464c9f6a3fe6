//! Operating system and virtualisation.

use crate::section::section;
use crate::text::{Name, Prose};

section! {
    /// Operating system and virtualisation.
    pub struct Os {
        /// Name of the distribution.
        pub name: Name,
        /// Version of the distribution.
        pub version: Name,
        /// Kernel release.
        pub kernel_version: Name,
        /// `x86_64`, `aarch64` …
        pub architecture: Name,
        /// `none`, a hypervisor (`kvm`, `vmware` …) or a container (`lxc`, `docker` …).
        pub virtualization_type: Name,
        /// Host name.
        pub hostname: Name,
        /// Host name with its domain.
        pub fqdn: Name,
        /// Kernel command line.
        pub cmdline: Prose,
        /// `uefi` or `bios`.
        pub boot_mode: Name,
    }
}
