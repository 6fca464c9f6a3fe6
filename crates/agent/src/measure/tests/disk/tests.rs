//! Tests of the whole disk measurement, on whatever drive the temporary folder is on.

use std::fs;

use report::Preset;

use super::*;

fn plan(folder: &std::path::Path) -> ComponentPlan {
    let mut plan = ComponentPlan::new(Preset::Short, Duration::from_millis(1200));
    plan.disk_paths = vec![folder.to_owned()];
    plan.disk.file_bytes = Some(16 << 20);
    plan
}

fn lines(plan: &ComponentPlan) -> Vec<Line> {
    let mut lines = Vec::new();
    run(plan, &mut lines).unwrap();
    lines
}

fn measured(lines: &[Line]) -> Vec<&Measurement> {
    let measured = lines.iter().filter_map(|line| match line {
        Line::Measurement(measurement) => Some(&**measurement),
        _ => None,
    });
    measured.collect()
}

#[test]
fn every_metric_is_measured_and_nothing_stays() {
    for without_io_uring in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = plan(folder.path());
        plan.disk.without_io_uring = without_io_uring;
        let lines = lines(&plan);
        let measured = measured(&lines);
        let ids: Vec<&str> = measured.iter().map(|one| one.metric.as_str()).collect();
        let wanted: Vec<&str> = TESTS.iter().map(|test| test.metric).chain([LATENCY[0]]).collect();
        assert_eq!(ids[..7], wanted, "{lines:?}");
        for one in &measured {
            assert!(one.metric.definition().is_some(), "{one:?}");
            assert!(one.value.is_some_and(|value| value.get() > 0.0), "{one:?}");
            let params = one.params.as_ref().unwrap();
            assert!(params.fs_type.is_some() && params.file_bytes.is_some(), "{one:?}");
            assert!(!without_io_uring || params.engine.as_deref() == Some("pread"), "{one:?}");
        }
        let written: u64 = lines.iter().map(|line| if let Line::Written(n) = line { *n } else { 0 }).sum();
        // Laid out once, four times in a row, twice at random at two depths; and a last lap that goes over.
        assert!((1 << 20..16 * (16 << 20)).contains(&written), "{written}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn only_what_is_wanted_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan(folder.path());
    plan.only = Some("disk.iops_read".to_owned());
    plan.disk.queue_depth = Some(4);
    let lines = lines(&plan);
    let measured = measured(&lines);
    assert_eq!(measured.len(), 1, "{lines:?}");
    assert_eq!(measured[0].metric.as_str(), "disk.iops_read");
    assert_eq!(measured[0].params.as_ref().unwrap().queue_depth.map(Whole::get), Some(4));
}

#[test]
fn every_folder_is_measured_and_one_that_cannot_be_is_told() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut plan = plan(folders[0].path());
    plan.disk_paths.insert(1, "/proc".into());
    plan.disk_paths.push(folders[1].path().to_owned());
    plan.only = Some("disk.iops_write_qd1".to_owned());
    let lines = lines(&plan);
    let paths: Vec<_> =
        measured(&lines).iter().map(|one| one.params.as_ref().unwrap().path.clone().unwrap()).collect();
    let extra: Vec<_> = measured(&lines).iter().map(|one| one.params.as_ref().unwrap().extra_path).collect();
    assert_eq!(extra, [None, Some(true)], "no other folder is scored in the place of the first");
    let real = folders.each_ref().map(|folder| folder.path().canonicalize().unwrap());
    assert_eq!(
        paths.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        real.each_ref().map(|path| path.to_str().unwrap())
    );
    let failed = lines.iter().any(|line| {
        matches!(line, Line::Failed(missing) if missing.reason.as_str() == "not_writable"
            && missing.advice.as_ref().is_some_and(|advice| advice.contains("/proc")))
    });
    assert!(failed, "{lines:?}");
}
