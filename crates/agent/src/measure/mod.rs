//! How a machine is measured: a gate, a watch, and one child process per component.

mod budget;
mod child;
mod clock;
mod component;
mod gate;
mod lap;
mod noise;
mod plan;
mod processors;
mod protocol;
mod run;
mod sampler;
mod team;
mod tests;
mod watch;

pub use budget::total;
pub use child::ChildError;
pub use component::{ComponentError, measure_component};
pub use plan::{ComponentPlan, DiskTuning, MeasurePlan, ServerAccess};
pub use run::{Failure, Measured, Progress, Stage, measure};

pub(crate) use tests::disk;
