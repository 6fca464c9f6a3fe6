//! How the total time of a preset is shared out.

use std::time::Duration;

use report::{Component, Preset};

/// Time that one stage may take: what it plans with, and when it is ended by force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// What the component plans to use.
    pub(crate) planned: Duration,
    /// When its process is killed.
    pub(crate) limit: Duration,
}

/// The hard total of a preset.
pub fn total(preset: Preset) -> Duration {
    Duration::from_secs(match preset {
        Preset::Short => 20,
        Preset::Normal => 90,
        Preset::Thorough => 600,
    })
}

/// Kept free for waiting until the machine is quiet.
pub(crate) fn gate(preset: Preset) -> Duration {
    Duration::from_secs(match preset {
        Preset::Short => 3,
        Preset::Normal => 15,
        Preset::Thorough => 60,
    })
}

/// The share of one component; graphics has a program and a share of its own.
pub(crate) fn component(preset: Preset, component: Component) -> Allowance {
    let [cpu, memory, disk, network] = match preset {
        Preset::Short => [(5_500, 6_000), (2_600, 3_000), (4_500, 5_000), (2_200, 2_500)],
        Preset::Normal => [(24_000, 26_000), (12_000, 13_000), (24_000, 26_000), (8_000, 9_000)],
        Preset::Thorough => [(190_000, 200_000), (70_000, 75_000), (190_000, 200_000), (55_000, 60_000)],
    };
    let (planned, limit) = match component {
        Component::Cpu => cpu,
        Component::Memory => memory,
        Component::Disk => disk,
        Component::Network => network,
        Component::Gpu => (0, 0),
    };
    Allowance { planned: Duration::from_millis(planned), limit: Duration::from_millis(limit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_together_fits_the_total() {
        for preset in [Preset::Short, Preset::Normal, Preset::Thorough] {
            let limits = Component::ALL.map(|part| component(preset, part).limit);
            let sum = gate(preset) + limits.into_iter().sum::<Duration>();
            assert!(sum < total(preset), "{preset:?}: {sum:?}");
        }
    }

    #[test]
    fn a_component_plans_with_less_than_its_limit() {
        for preset in [Preset::Short, Preset::Normal, Preset::Thorough] {
            for part in [Component::Cpu, Component::Memory, Component::Disk, Component::Network] {
                let share = component(preset, part);
                assert!(share.planned < share.limit, "{preset:?} {part}");
            }
        }
    }
}
