//! Reports in: stored once, filed under the right device, and standing for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use report::Component;
use serde_json::{Value, json};
use server::domain::ranking::{RankedDevice, RankingQuery};
use server::store::{Store, SubmitError, Submitted};

use crate::engines::{Database, on_both};
use crate::reports::{DAY, Made, author, machine};

pub(crate) async fn submit(store: &Store, made: &Made) -> Submitted {
    store.submit(made.submission()).await.unwrap()
}

async fn ranked(store: &Store) -> Vec<RankedDevice> {
    let query = RankingQuery { limit: 50, ..RankingQuery::default() };
    store.ranking(query).await.unwrap().ranked
}

#[test]
fn a_report_is_stored_and_ranked() {
    on_both(|database| async move {
        let store = database.open().await;
        let answer = submit(&store, &machine("nas", 1).id(1)).await;
        assert_eq!((answer.device_id, answer.snapshot_id, answer.benchmark_id), (1, 1, 1));
        assert_eq!(answer.device_name, "nas");
        assert!((answer.coverage - 0.75).abs() < 1e-9, "{answer:?}");
        let ranked = ranked(&store).await;
        assert_eq!(ranked.len(), 1);
        let device = &ranked[0];
        assert_eq!(device.name, "nas");
        assert_eq!(device.model.as_deref(), Some("AZW EQ12"));
        assert_eq!(device.global.map(|global| global.value), answer.global_score);
        assert_eq!(device.components.len(), 3);
        assert_eq!(device.recent, [answer.global_score.unwrap()]);
        store.close().await;
    });
}

#[test]
fn the_same_report_from_twenty_connections_is_stored_once() {
    on_both(|database| async move {
        let store = database.open().await;
        let made = machine("nas", 1).id(1);
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (store, submission) = (store.clone(), made.submission());
                tokio::spawn(async move { store.submit(submission).await.unwrap() })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(store.ranking(RankingQuery::default()).await.unwrap().benchmarks, 1);
        store.close().await;
    });
}

#[test]
fn an_id_belongs_to_one_body() {
    on_both(|database| async move {
        let store = database.open().await;
        let first = machine("nas", 1).id(1);
        submit(&store, &first).await;
        let other = first.clone().set("/label", json!("another body"));
        let refused = store.submit(other.submission()).await;
        assert!(matches!(refused, Err(SubmitError::Conflict)), "{refused:?}");
        // Both at once.
        let (a, b) = (machine("nas", 1).id(2), machine("nas", 1).id(2).set("/label", json!("b")));
        let (a, b) = tokio::join!(store.submit(a.submission()), store.submit(b.submission()));
        let conflicts = [&a, &b].iter().filter(|one| matches!(one, Err(SubmitError::Conflict))).count();
        assert_eq!(conflicts, 1, "{a:?} {b:?}");
        store.close().await;
    });
}

#[test]
fn without_an_id_the_body_is_the_id() {
    on_both(|database| async move {
        let store = database.open().await;
        let first = submit(&store, &machine("nas", 1)).await;
        assert!(first.report_id.starts_with("sha256:"), "{first:?}");
        assert_eq!(submit(&store, &machine("nas", 1)).await, first);
        assert_ne!(submit(&store, &machine("nas", 1).set("/note", json!("again"))).await, first);
        store.close().await;
    });
}

#[test]
fn two_servers_on_one_database_store_a_report_once() {
    on_both(|database| async move {
        let (one, two) = (database.open().await, database.open().await);
        let mut tasks = Vec::new();
        for number in 0..60_u32 {
            // Each report goes to both; twelve devices, new to both at once.
            let seed = u8::try_from(number % 12).unwrap();
            let made = machine(&format!("m{seed}"), seed).id(number).after(i64::from(number));
            for store in [&one, &two] {
                let (store, submission) = (store.clone(), made.submission());
                tasks.push(tokio::spawn(async move { store.submit(submission).await.unwrap() }));
            }
        }
        let mut benchmarks = BTreeSet::new();
        let mut devices = BTreeSet::new();
        for task in tasks {
            let answer = task.await.unwrap();
            benchmarks.insert(answer.benchmark_id);
            devices.insert((answer.device_id, answer.device_name));
        }
        assert_eq!(benchmarks.len(), 60);
        assert_eq!(devices.len(), 12, "{devices:?}");
        let ranking = two.ranking(RankingQuery { limit: 50, ..RankingQuery::default() }).await.unwrap();
        assert_eq!((ranking.benchmarks, ranking.devices, ranking.ranked.len()), (60, 12, 12));
        one.close().await;
        two.close().await;
    });
}

#[test]
fn equal_facts_share_a_snapshot() {
    on_both(|database| async move {
        let store = database.open().await;
        let base = machine("nas", 1);
        let bios = |version: &str| json!(version);
        let day = |made: Made, number: u32, day: i64| made.id(number).after(day * DAY);
        let first = submit(&store, &day(base.clone(), 1, 1)).await;
        let warm = base.clone().set("/hardware/sensors", json!({ "cpu_temp_c": 71.5 }));
        assert_eq!(submit(&store, &day(warm, 2, 2)).await.snapshot_id, first.snapshot_id, "a reading");
        let unread = base.clone().set("/hardware/motherboard", Value::Null);
        assert_eq!(submit(&store, &day(unread, 3, 3)).await.snapshot_id, first.snapshot_id, "not read");
        let updated = base.clone().set("/hardware/motherboard/bios_version", bios("1.1"));
        let second = submit(&store, &day(updated.clone(), 4, 4)).await;
        assert_ne!(second.snapshot_id, first.snapshot_id, "a BIOS update");
        assert_eq!(submit(&store, &day(updated.clone(), 5, 5)).await.snapshot_id, second.snapshot_id);
        // Reports that waited in a spool belong where they were measured.
        let late = submit(&store, &day(base.clone(), 6, 3)).await;
        assert_eq!(late.snapshot_id, first.snapshot_id, "late, before the update");
        let late = submit(&store, &day(updated.clone(), 7, 4)).await;
        assert_eq!(late.snapshot_id, second.snapshot_id, "late, after the update");
        let early = submit(&store, &day(base, 8, 0)).await;
        assert_eq!(early.snapshot_id, first.snapshot_id, "before all others, but the same");
        assert_eq!(submit(&store, &day(updated, 9, 6)).await.snapshot_id, second.snapshot_id);
        store.close().await;
    });
}

#[test]
fn snapshots_within_one_batch_follow_one_another() {
    on_both(|database| async move {
        let store = database.open().await;
        let reports: Vec<Made> = (0..6_i32)
            .map(|number| {
                let made = machine("nas", 1).id(number.unsigned_abs()).after(i64::from(number) * DAY);
                let version = ["1.0", "1.1", "1.0", "1.0", "1.1", "1.1"][number.unsigned_abs() as usize];
                made.set("/hardware/motherboard/bios_version", json!(version))
            })
            .collect();
        let mut sent = Vec::new();
        for made in &reports {
            let (store, submission) = (store.clone(), made.submission());
            sent.push(async move { store.submit(submission).await.unwrap().snapshot_id });
        }
        let snapshots = futures_util::future::join_all(sent).await;
        assert_eq!(snapshots[2], snapshots[3]);
        assert_eq!(snapshots[4], snapshots[5]);
        let distinct: BTreeSet<i64> = snapshots.iter().copied().collect();
        assert_eq!(distinct.len(), 4, "{snapshots:?}");
        store.close().await;
    });
}

#[test]
fn devices_are_told_apart_by_their_keys() {
    on_both(|database| async move {
        let store = database.open().await;
        let first = submit(&store, &machine("pi", 1).id(1)).await;
        let renamed = submit(&store, &machine("pi-kitchen", 1).id(2)).await;
        assert_eq!(renamed.device_id, first.device_id, "a new host name");
        assert_eq!(renamed.device_name, "pi");
        let stranger = submit(&store, &machine("pi", 2).id(3)).await;
        assert_ne!(stranger.device_id, first.device_id);
        assert_eq!(stranger.device_name, "pi-2");
        let third = submit(&store, &machine("pi", 3).id(4)).await;
        assert_eq!(third.device_name, "pi-3");
        assert_eq!(submit(&store, &machine("pi", 2).id(5)).await.device_id, stranger.device_id);
        let named = machine("lab", 1).id(6).set("/identity/name_explicit", json!(true));
        let named = submit(&store, &named).await;
        assert_ne!(named.device_id, first.device_id, "a name that a person gave");
        assert_eq!(named.device_name, "lab");
        store.close().await;
    });
}

#[test]
fn many_new_devices_of_one_name_in_one_batch_get_numbers() {
    on_both(|database| async move {
        let store = database.open().await;
        let name = "n".repeat(255);
        let sent = (0..5_u8).map(|seed| {
            let (store, submission) = (store.clone(), machine(&name, seed).id(u32::from(seed)).submission());
            async move { store.submit(submission).await.unwrap().device_name }
        });
        let names: BTreeSet<String> = futures_util::future::join_all(sent).await.into_iter().collect();
        assert_eq!(names.len(), 5);
        assert!(names.iter().all(|name| name.chars().count() == 255), "{names:?}");
        // Once more, now that they are stored.
        let sixth = submit(&store, &machine(&name, 9).id(9)).await;
        assert!(sixth.device_name.ends_with("-6"), "{sixth:?}");
        store.close().await;
    });
}

#[test]
fn the_ranking_is_of_one_scale_and_of_enough_coverage() {
    on_both(|database| async move {
        let store = database.open().await;
        submit(&store, &machine("whole", 1).id(1)).await;
        let fast = machine("fast", 2).id(2).set("/measurements/0/value", json!(14_000.0));
        submit(&store, &fast.set("/measurements/0/samples", json!(null))).await;
        let part = machine("part", 3).id(3);
        let cpu = part.body["measurements"][0].clone();
        submit(&store, &part.set("/measurements", json!([cpu]))).await;
        let old =
            json!({ "hostname": "old", "results": { "cpu": { "score": 80.0 }, "disk": { "score": 90.0 } } });
        let old = server_submission(&old);
        store.submit(old).await.unwrap();
        let query = RankingQuery { limit: 50, ..RankingQuery::default() };
        let ranking = store.ranking(query).await.unwrap();
        let names = |devices: &[RankedDevice]| devices.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&ranking.ranked), ["fast", "whole"]);
        assert_eq!(names(&ranking.waiting), ["part"]);
        assert_eq!(names(&ranking.others["client"]), ["old"]);
        let by = RankingQuery { by: Some(Component::Cpu), ..query };
        let by_cpu = store.ranking(by).await.unwrap();
        assert_eq!(names(&by_cpu.ranked)[0], "fast");
        assert_eq!((by_cpu.ranked_total, by_cpu.waiting_total), (3, 0));
        let second = store.ranking(RankingQuery { offset: 1, limit: 1, ..query }).await.unwrap();
        assert_eq!(names(&second.ranked), ["whole"]);
        store.close().await;
    });
}

fn server_submission(body: &Value) -> server::domain::submission::Submission {
    let body = body.to_string();
    let report = report::parse(body.as_bytes()).unwrap();
    let received_at = report::Timestamp::parse(crate::reports::START).unwrap();
    let arrival = server::domain::submission::Arrival { received_at, sent_at: None };
    server::domain::submission::submission(&report, body.as_bytes(), arrival, &[7; 32]).unwrap()
}

#[test]
fn a_closed_store_has_written_what_it_took_and_takes_no_more() {
    on_both(|database| async move {
        let store = database.open().await;
        let submissions: Vec<_> =
            (0..200_u32).map(|number| machine("nas", 1).id(number).submission()).collect();
        let tasks: Vec<_> = submissions
            .into_iter()
            .map(|submission| {
                let store = store.clone();
                tokio::spawn(async move { store.submit(submission).await })
            })
            .collect();
        store.close().await;
        let mut answered = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => answered += 1,
                Err(SubmitError::Store(error)) => assert!(error.is_retryable(), "{error:?}"),
                Err(other) => panic!("{other}"),
            }
        }
        let again = Arc::clone(&database).open().await;
        assert_eq!(again.ranking(RankingQuery::default()).await.unwrap().benchmarks, answered);
        again.close().await;
    });
}

#[test]
fn a_deleted_benchmark_stays_deleted_and_the_rest_speaks_for_the_device() {
    on_both(|database| async move {
        let store = database.open().await;
        let slow = machine("nas", 1).id(1);
        let fast = slow.clone().id(2).after(DAY).set("/hardware/motherboard/bios_version", json!("2.0"));
        let fast =
            fast.set("/measurements/0/value", json!(2800.0)).set("/measurements/0/samples", json!(null));
        let first = submit(&store, &slow).await;
        let second = submit(&store, &fast).await;
        assert_eq!(ranked(&store).await[0].last.as_ref().unwrap().id, second.benchmark_id);
        let now = report::Timestamp::parse(crate::reports::START).unwrap().plus_ms(2 * DAY);
        assert!(store.delete_benchmark(second.benchmark_id, author(now)).await.unwrap());
        assert!(!store.delete_benchmark(second.benchmark_id, author(now)).await.unwrap());
        let device = ranked(&store).await.remove(0);
        assert_eq!(device.last.unwrap().id, first.benchmark_id);
        assert_eq!(device.global.unwrap().value, first.global_score.unwrap());
        assert_eq!(device.recent, [first.global_score.unwrap()]);
        let replayed = store.submit(fast.submission()).await;
        assert!(matches!(replayed, Err(SubmitError::Gone)), "{replayed:?}");
        assert_eq!(submit(&store, &slow).await, first, "the other is untouched");
        let next = submit(&store, &slow.clone().id(3).after(3 * DAY)).await;
        assert_eq!(next.snapshot_id, first.snapshot_id);
        store.close().await;
    });
}

#[test]
fn opening_twice_at_once_migrates_once() {
    on_both(|database: Arc<Database>| async move {
        let (one, two) = tokio::join!(database.open(), database.open());
        submit(&one, &machine("a", 1).id(1)).await;
        submit(&two, &machine("b", 2).id(2)).await;
        assert_eq!(one.ranking(RankingQuery::default()).await.unwrap().devices, 2);
        one.close().await;
        two.close().await;
    });
}
