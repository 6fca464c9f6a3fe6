//! Reports of tokens that are for one device, in one batch with others.

use std::collections::BTreeSet;

use serde_json::json;
use server::domain::submission::Submission;
use server::store::SubmitError;

use crate::engines::on_both;
use crate::reports::{Made, machine};
use crate::submit::submit;

fn bound(made: &Made, device: &str) -> Submission {
    Submission { only_device: Some(device.into()), ..made.submission() }
}

#[test]
fn one_that_is_refused_harms_no_other_of_its_batch() {
    on_both(|database| async move {
        let store = database.open().await;
        submit(&store, &machine("desk", 1).id(1)).await;
        let mut sent = Vec::new();
        for number in 2..20_u32 {
            let seed = u8::try_from(number).unwrap();
            let name = format!("m{number}");
            let submission = match number % 3 {
                0 => machine(&name, seed).id(number).submission(),
                // The name of the token, the keys of the desk.
                1 => bound(&machine(&name, 1).id(number).set("/identity/name_explicit", json!(false)), &name),
                _ => bound(&machine(&name, seed).id(number), &name),
            };
            let store = store.clone();
            sent.push(async move { (number, store.submit(submission).await) });
        }
        let mut devices = BTreeSet::new();
        for (number, outcome) in futures_util::future::join_all(sent).await {
            match (number % 3, outcome) {
                (1, Err(SubmitError::OtherDevice)) => {}
                (0 | 2, Ok(stored)) => {
                    assert_eq!(stored.device_name, format!("m{number}"));
                    devices.insert(stored.device_id);
                }
                (_, outcome) => panic!("{number}: {outcome:?}"),
            }
        }
        assert_eq!(devices.len(), 12);
        // The same report by two tokens: whoever may send it does.
        let made = machine("n1", 30).id(40);
        let (mine, strange) =
            tokio::join!(store.submit(bound(&made, "n1")), store.submit(bound(&made, "other")));
        assert!(mine.is_ok() && matches!(strange, Err(SubmitError::OtherDevice)), "{mine:?} {strange:?}");
        let made = machine("n2", 31).id(41);
        let (strange, mine) =
            tokio::join!(store.submit(bound(&made, "other")), store.submit(made.submission()));
        assert!(mine.is_ok() && matches!(strange, Err(SubmitError::OtherDevice)), "{mine:?} {strange:?}");
        store.close().await;
    });
}
