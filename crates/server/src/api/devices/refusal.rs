//! Why a change of a device was not made, as an answer.

use axum::http::StatusCode;
use report::FieldError;

use super::no_such_device;
use crate::domain::device::Device;
use crate::domain::device_edit::{Belongings, Refusal};
use crate::error::AppError;

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoSuchDevice => no_such_device(),
            Refusal::VersionMoved { version } => {
                let detail = format!(
                    "The device was changed meanwhile: its version is {version} now. Read it again, and send the change \
                     with `If-Match: {}`.",
                    Device::etag(version)
                );
                Self::new(StatusCode::PRECONDITION_FAILED, "version_moved", detail)
            }
            Refusal::Taken { by } => {
                let detail =
                    format!("Reports under this device_identifier are those of device {by}: choose another.");
                let message = format!("taken by device {by}, expected another, such as nas-2");
                let error = FieldError::new("device_identifier", message);
                Self::new(StatusCode::CONFLICT, "name_taken", detail).with_errors(vec![error])
            }
            Refusal::NotConfirmed { name, belongings } => not_confirmed(&name, belongings),
            Refusal::Invalid(errors) => Self::invalid(errors),
        }
    }
}

fn not_confirmed(name: &str, belongings: Belongings) -> AppError {
    let Belongings { benchmarks, snapshots, links, documents } = belongings;
    let detail = format!(
        "With the device go {benchmarks} benchmarks, {snapshots} hardware snapshots, {links} links and {documents} \
         documents, for good. Confirm it with the name of the device."
    );
    let error = FieldError::new("confirm", format!("expected the device's name: {name}"));
    AppError::new(StatusCode::UNPROCESSABLE_ENTITY, "not_confirmed", detail).with_errors(vec![error])
}
