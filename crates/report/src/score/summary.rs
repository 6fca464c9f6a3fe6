//! `results`: the summary of the measurements that every reader of a report understands.

use std::collections::BTreeMap;

use super::{Basis, Scores, part, score};
use crate::measurement::{Measurement, Verdict};
use crate::metric::Component;
use crate::number::{Percent, Quantity, Real};
use crate::report::Report;
use crate::results::{CpuResults, DiskResults, Figure, GpuResults, MemoryResults, NetworkResults, Results};
use crate::verdict::{Judgement, first_disk_path, judge, on_disk_path, write_verdicts};

/// Finishes a report whose inventory, conditions and measurements are complete, as the agent does before it
/// sends it: verdicts into `measurements`, their summary and the scores into `results`.
pub fn conclude(report: &mut Report) -> (Judgement, Scores) {
    let judgement = judge(report);
    let scores = score(report, &judgement);
    report.results = summarise(report, &judgement);
    write_verdicts(report, &judgement);
    (judgement, scores)
}

/// `results` from `measurements`: the figures that are not invalid (of disks, the first path's), and the
/// scores. A component without any figure is absent.
pub fn summarise(report: &Report, judgement: &Judgement) -> Results {
    let figures = Figures::of(report, judgement);
    let scores = score(report, judgement);
    let computed = scores.basis == Basis::V0;
    let component = |c| scores.components.get(&c).filter(|_| computed).and_then(|s| Quantity::new(s.score));
    let share = |counts| quantity(part(report, judgement, Component::Cpu, counts)?.score);
    Results {
        cpu: present(CpuResults {
            score: component(Component::Cpu),
            score_single: share(|metric| metric.ends_with("_single")),
            score_multi: share(|metric| metric.ends_with("_multi")),
            events_per_sec_single: figures.get("cpu.events_per_sec_single"),
            events_per_sec_multi: figures.get("cpu.events_per_sec_multi"),
            events_per_sec: figures.get("cpu.events_per_sec"),
            duration_s: figures.duration(Component::Cpu),
        }),
        memory: present(MemoryResults {
            score: component(Component::Memory),
            throughput_mib_s: figures.get("memory.throughput_mib_s"),
            latency_ns: figures.get("memory.latency_ns"),
        }),
        disk: present(DiskResults {
            score: component(Component::Disk),
            read_mb_s: figures.get("disk.read_mb_s"),
            write_mb_s: figures.get("disk.write_mb_s"),
            iops_read: figures.get("disk.iops_read"),
            iops_write: figures.get("disk.iops_write"),
            latency_ms: figures.get("disk.latency_ms"),
        }),
        network: present(NetworkResults {
            score: component(Component::Network),
            upload_mbps: figures.get("network.upload_mbps"),
            download_mbps: figures.get("network.download_mbps"),
            ping_ms: figures.get("network.ping_ms"),
            jitter_ms: figures.get("network.jitter_ms"),
            packet_loss_percent: figures
                .get("network.packet_loss_percent")
                .and_then(|loss| Percent::new(loss.get())),
        }),
        gpu: present(GpuResults { score: component(Component::Gpu), figures: figures.graphics() }),
        global_score: scores.global.filter(|_| computed).and_then(|global| quantity(global.score)),
    }
}

fn quantity(value: f64) -> Option<Quantity> {
    Quantity::new(value)
}

/// A section that says something.
fn present<T: Default + PartialEq>(section: T) -> Option<T> {
    (section != T::default()).then_some(section)
}

/// The figures that are summed up, by metric.
struct Figures<'a>(BTreeMap<&'a str, &'a Measurement>);

impl<'a> Figures<'a> {
    fn of(report: &'a Report, judgement: &Judgement) -> Self {
        let first_path = first_disk_path(&report.measurements);
        let mut figures = BTreeMap::new();
        for (measurement, judged) in report.measurements.iter().zip(&judgement.measurements) {
            let elsewhere = measurement.metric.component() == Some(Component::Disk)
                && !on_disk_path(measurement, first_path);
            if judged.verdict != Verdict::Invalid && measurement.value.is_some() && !elsewhere {
                figures.entry(measurement.metric.as_str()).or_insert(measurement);
            }
        }
        Self(figures)
    }

    fn get(&self, metric: &str) -> Option<Quantity> {
        quantity(self.0.get(metric)?.value?.get())
    }

    fn of_component(&self, component: Component) -> impl Iterator<Item = &'a Measurement> {
        self.0.values().copied().filter(move |m| m.metric.component() == Some(component))
    }

    fn duration(&self, component: Component) -> Option<Quantity> {
        let durations = self.of_component(component).filter_map(|m| m.params.as_ref()?.duration_s);
        let total: f64 = durations.map(Quantity::get).sum();
        quantity(total).filter(|total| total.get() > 0.0)
    }

    fn graphics(&self) -> BTreeMap<String, Figure> {
        let named = |m: &Measurement| {
            let field = m.metric.as_str().split_once('.')?.1;
            Some((field.to_owned(), Figure::Number(Real::new(m.value?.get())?)))
        };
        self.of_component(Component::Gpu).filter_map(named).collect()
    }
}
