//! `/devices/{id}-{slug}`: everything about one machine.

mod components;
mod hardware;
mod history;
mod missing;
mod section;
mod table;
mod view;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
