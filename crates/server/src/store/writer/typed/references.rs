//! What typed fields refer to: it has to be there, and no device runs on itself, however many lie between. Only what a change
//! types otherwise is looked at: what stands there already harms no other field.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use report::FieldError;

use super::super::super::bulk::Bulk;
use super::super::super::connection::Connection;
use super::super::super::value::Value;
use super::super::device::Device;
use super::photos::Photos;
use crate::domain::typed::{Id, Typed};

const HOSTS: Bulk =
    Bulk::any_of("select id, coalesce(typed_hosted_on, hosted_on) from devices where id in", "");

/// What is to be typed of a device.
pub(super) struct Wanted<'a> {
    /// The device as it is; `None` for one that is to be made, on which nothing can run yet.
    pub(super) device: Option<&'a Device>,
    /// What stands before the names of its fields in errors.
    pub(super) place: String,
    pub(super) typed: &'a Typed,
}

impl Wanted<'_> {
    pub(super) fn error(&self, field: &str, message: String) -> FieldError {
        FieldError::new(format!("{}{field}", self.place), message)
    }

    /// What a field refers to from now on, and did not before.
    fn newly(&self, of: fn(&Typed) -> Option<Id>) -> Option<i64> {
        let before = self.device.and_then(|device| of(&device.typed));
        of(self.typed).filter(|id| Some(*id) != before).map(Id::get)
    }

    fn host(&self) -> Option<i64> {
        self.newly(|typed| typed.hosted_on)
    }

    pub(super) fn photo(&self) -> Option<i64> {
        self.newly(|typed| typed.photo_doc_id)
    }
}

/// Every reference that leads nowhere, or in a circle.
pub(super) async fn misfits(
    connection: &mut Connection,
    wanted: &[Wanted<'_>],
) -> Result<Vec<FieldError>, sqlx::Error> {
    let mut hosts = hosts(connection, wanted.iter().filter_map(Wanted::host).collect()).await?;
    let photos = Photos::find(connection, wanted).await?;
    let mut errors = Vec::new();
    for one in wanted {
        if let Some(host) = one.host().filter(|host| !hosts.contains_key(host)) {
            errors.push(one.error("hosted_on", format!("{host}, but there is no device with this id")));
        }
        errors.extend(photos.misfit(one));
    }
    if errors.is_empty() {
        let typed = wanted.iter().filter_map(|one| Some((one.device?.id, one.typed.hosted_on?.get())));
        hosts.extend(typed.map(|(id, host)| (id, Some(host))));
        for one in wanted {
            if runs_on_itself(connection, one, &mut hosts).await? {
                let message =
                    "the device would run on itself, expected another device that does not run on it";
                errors.push(one.error("hosted_on", message.to_owned()));
            }
        }
    }
    Ok(errors)
}

/// On what each of these devices runs.
async fn hosts(
    connection: &mut Connection,
    ids: BTreeSet<i64>,
) -> Result<BTreeMap<i64, Option<i64>>, sqlx::Error> {
    let rows = connection.fetch_bulk(&HOSTS, ids.into_iter().map(Value::from).collect()).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Follows the hosts; `known` learns what it did not know of them.
async fn runs_on_itself(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
    known: &mut BTreeMap<i64, Option<i64>>,
) -> Result<bool, sqlx::Error> {
    let (Some(device), Some(host)) = (wanted.device, wanted.host()) else { return Ok(false) };
    let (id, mut next, mut passed) = (device.id, Some(host), BTreeSet::new());
    while let Some(host) = next {
        if host == id {
            return Ok(true);
        }
        // A circle of others, which reports made, is not this device's.
        if !passed.insert(host) {
            return Ok(false);
        }
        if let Entry::Vacant(unknown) = known.entry(host) {
            let found = hosts(connection, [host].into()).await?;
            unknown.insert(found.get(&host).copied().flatten());
        }
        next = known.get(&host).copied().flatten();
    }
    Ok(false)
}
