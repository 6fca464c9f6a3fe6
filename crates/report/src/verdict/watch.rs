//! Reasons in what was watched while a component was measured.

use super::reason::{Reason, ReasonCode};
use crate::environment::{Conditions, Environment, Watch};
use crate::measurement::Measurement;
use crate::metric::Component;
use crate::report::Report;

/// From here on, others' processor time is worth a note: what the loop's 2 % interval can resolve.
const BACKGROUND_NOTE_PERCENT: f64 = 2.0;

/// From here on the machine was busy. The test of all threads loses about the share that others take; a
/// tenth is more than siblings differ by, and about where a throttled processor is called throttled.
/// Housekeeping, a desktop at rest or a host's idle guests stay well below.
const BUSY_PERCENT: f64 = 10.0;

/// Others' waiting for drives just before the test, in percent of the time, that makes a disk figure doubtful.
const BUSY_IO_PSI: f64 = 10.0;

/// A fall of the busiest processor's frequency by this share is throttling.
const THROTTLED: f64 = 0.08;

/// Stolen time from here on makes a figure suspect, percent.
const STEAL_PERCENT: f64 = 1.0;

/// Stolen time that shows as more than 0.0 %.
const STEAL_NOTE_PERCENT: f64 = 0.05;

/// Pages swapped that count as swapping: 1 MiB. The kernel moves a few at any time.
const SWAPPED_PAGES: u64 = 256;

/// A clock that is merely disciplined moves at most 500 ppm: 300 ms in the ten minutes of the longest
/// preset (adjtimex(2)). More is a step, or a suspend.
const CLOCK_STEP_MS: f64 = 500.0;

/// Judges what was watched for this component; the report's conditions where nothing was.
pub(super) fn reasons(
    report: &Report,
    component: Component,
    measurement: &Measurement,
    reasons: &mut Vec<Reason>,
) {
    let Some(environment) = &report.environment else { return };
    let watch = environment.components.as_ref().and_then(|components| components.get(&component));
    let same_host = measurement.params.as_ref().is_some_and(|params| params.same_host == Some(true));
    let evidence = Evidence { environment, watch, component, same_host };
    evidence.background(reasons);
    evidence.steal(reasons);
    evidence.power(reasons);
    evidence.governor(report, reasons);
    let Some(watch) = watch else { return };
    frequency(watch, component, reasons);
    machine(watch, component, reasons);
    quota(report, watch, component, measurement, reasons);
}

struct Evidence<'a> {
    environment: &'a Environment,
    watch: Option<&'a Watch>,
    component: Component,
    /// The server works on this machine too: part of the load is the test itself.
    same_host: bool,
}

impl Evidence<'_> {
    fn during(&self) -> Option<&Conditions> {
        self.environment.during.as_ref()
    }

    fn background(&self, reasons: &mut Vec<Reason>) {
        let watched = self.watch.filter(|_| !self.same_host);
        let percent = watched.and_then(|watch| watch.background_percent).map(|p| p.get());
        let load = percent.unwrap_or_default();
        let before = self.environment.before.as_ref();
        let io = before.and_then(|before| before.psi_io).map_or(0.0, |psi| psi.get());
        if self.watch.is_some_and(|watch| watch.gate_timed_out == Some(true)) {
            let evidence = match percent {
                Some(load) => format!("still busy when waiting was over, background load {load:.1} %"),
                None => "still busy when waiting was over".to_owned(),
            };
            reasons.push(Reason::new(ReasonCode::Busy, evidence));
        } else if load >= BUSY_PERCENT {
            reasons.push(Reason::new(ReasonCode::Busy, format!("background load {load:.1} %")));
        } else if self.component == Component::Disk && io >= BUSY_IO_PSI {
            let evidence = format!("others waited for drives {io:.1} % of the time before the test");
            reasons.push(Reason::new(ReasonCode::Busy, evidence));
        } else if load >= BACKGROUND_NOTE_PERCENT {
            reasons.push(Reason::new(ReasonCode::BackgroundTasks, format!("background load {load:.1} %")));
        }
    }

    fn steal(&self, reasons: &mut Vec<Reason>) {
        let watched = match self.watch {
            Some(watch) => watch.steal_percent,
            None => self.during().and_then(|during| during.steal_percent),
        };
        let percent = watched.map_or(0.0, |percent| percent.get());
        let code = match percent {
            p if p >= STEAL_PERCENT => ReasonCode::Steal,
            p if p >= STEAL_NOTE_PERCENT => ReasonCode::StealMinor,
            _ => return,
        };
        reasons.push(Reason::new(code, format!("the hypervisor took {percent:.1} % of the time")));
    }

    fn power(&self, reasons: &mut Vec<Reason>) {
        let watched = self.watch.and_then(|watch| watch.power_source.as_deref());
        let source = watched.or_else(|| self.during()?.power_source.as_deref());
        if source == Some("battery") {
            reasons.push(Reason::new(ReasonCode::OnBattery, "power came from the battery"));
        }
    }

    fn governor(&self, report: &Report, reasons: &mut Vec<Reason>) {
        let watched = self.watch.and_then(|watch| watch.governor.as_deref());
        let during = || self.during()?.governor.as_deref();
        let inventory = || report.hardware.cpu.as_ref()?.governor.as_deref();
        if watched.or_else(during).or_else(inventory) != Some("powersave") {
            return;
        }
        let driver = self.watch.and_then(|watch| watch.governor_driver.as_deref());
        reasons.push(powersave(driver));
    }
}

/// Whether `powersave` holds the frequency down is a matter of the driver: intel_pstate and amd-pstate in
/// active mode choose the frequency themselves and reach the top under load; under every other driver the
/// governor of that name stays at the lowest frequency (Documentation/admin-guide/pm in the kernel's tree).
/// Without a driver there is no evidence that it caps.
fn powersave(driver: Option<&str>) -> Reason {
    let Some(driver) = driver else {
        return Reason::new(ReasonCode::GovernorPowersave, "governor powersave");
    };
    let evidence = format!("governor powersave, driver {driver}");
    let scales = ["intel_pstate", "amd_pstate_epp"].contains(&driver.replace('-', "_").as_str());
    Reason::new(if scales { ReasonCode::GovernorPowersave } else { ReasonCode::Powersave }, evidence)
}

/// Only where the processor itself is the limit: waiting for a drive or a network, it slows down by right.
fn frequency(watch: &Watch, component: Component, reasons: &mut Vec<Reason>) {
    if !matches!(component, Component::Cpu | Component::Memory) {
        return;
    }
    let events = watch.throttle_events.map_or(0, |events| events.get());
    if let (Some(first), Some(last)) = (watch.freq_first_mhz, watch.freq_last_mhz)
        && first.get() > 0.0
        && (first.get() - last.get()) / first.get() >= THROTTLED
    {
        let evidence = format!("the frequency fell from {:.0} to {:.0} MHz", first.get(), last.get());
        reasons.push(Reason::new(ReasonCode::Throttled, evidence));
    } else if events > 0 {
        reasons.push(Reason::new(ReasonCode::Throttled, format!("{events} throttle events")));
    }
}

fn machine(watch: &Watch, component: Component, reasons: &mut Vec<Reason>) {
    if watch.under_voltage == Some(true) {
        reasons.push(Reason::new(ReasonCode::UnderVoltage, "the firmware reported low supply voltage"));
    }
    let pages = watch.swapped_pages.map_or(0, |pages| pages.get());
    if pages >= SWAPPED_PAGES {
        reasons.push(Reason::new(ReasonCode::Swapped, format!("{pages} pages swapped")));
    }
    let moved = watch.clock_moved_ms.map_or(0.0, |ms| ms.get());
    if moved.abs() > CLOCK_STEP_MS {
        reasons.push(Reason::new(ReasonCode::ClockMoved, format!("the clock moved by {moved:.0} ms")));
    }
    // Drives and networks do not use every processor; their figures stand.
    if let (Some(first), Some(last)) = (watch.cpus_online_first, watch.cpus_online_last)
        && last < first
        && matches!(component, Component::Cpu | Component::Memory)
    {
        let evidence = format!("{} of {} processors were left", last.get(), first.get());
        reasons.push(Reason::new(ReasonCode::CoreLost, evidence));
    }
}

/// A quota matters to a test that wants more processors than it allows.
fn quota(
    report: &Report,
    watch: &Watch,
    component: Component,
    measurement: &Measurement,
    reasons: &mut Vec<Reason>,
) {
    let Some(quota) = watch.cpu_quota.map(|quota| quota.get()) else { return };
    let threads = measurement.params.as_ref().and_then(|params| params.threads);
    let online = || watch.cpus_online_first.or_else(|| report.hardware.cpu.as_ref()?.threads);
    let wanted = match component {
        Component::Cpu | Component::Memory => threads.or_else(online).map_or(1, |threads| threads.get()),
        Component::Disk | Component::Network | Component::Gpu => 1,
    };
    if quota < wanted as f64 {
        let evidence = format!("limited to {quota:.2} processors, the test wants {wanted}");
        reasons.push(Reason::new(ReasonCode::CpuQuota, evidence));
    }
}
