//! The client that the server hands out: bench.sh, and the agent for each kind of machine.

mod agents;
mod checksum;
mod program;
mod script;

pub use agents::Agents;
pub use program::{__path_program, program};
pub use script::{__path_script, script};
