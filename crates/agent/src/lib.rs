//! The program `benchtools`, as a library: inventory, measurement, delivery.

pub mod probe;
