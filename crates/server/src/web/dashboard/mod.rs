//! `/`: which machine is best, and is anything wrong?

mod filter;
mod others;
mod rows;
mod title;
mod view;
mod waiting;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
