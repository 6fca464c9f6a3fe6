//! The pages. Each is a handler that calls one store method, a view of ready text, and a template.

mod address;
mod assets;
mod axis;
mod command;
mod coverage;
mod dashboard;
mod dates;
mod device;
mod device_link;
mod docs;
mod embedded;
pub(crate) mod error_page;
pub(crate) mod evidence;
mod figure;
mod frame;
mod kind;
mod language;
mod last;
mod numbers;
mod page;
mod rail;
#[cfg(test)]
mod samples;
mod theme;
mod trend;
mod verdict;
mod visitor;
mod words;
pub(crate) use assets::routes as assets;
pub(crate) use dashboard::dashboard;
#[cfg(test)]
pub(crate) use dashboard::sample;
pub(crate) use device::{device, device_by_id};
pub(crate) use device_link::device_link;
pub(crate) use docs::routes as docs;
pub(crate) use embedded::{Embedded, embedded};
pub(crate) use visitor::Visitor;
