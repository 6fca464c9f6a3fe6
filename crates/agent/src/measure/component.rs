//! The child's side: reads its plan, runs one component's tests, writes lines.

use std::io::{self, Read, Write};

use report::Component;
use report::missing::Missing;

use super::plan::ComponentPlan;
use super::protocol::{Line, Pipe, Sink};
use super::tests;

/// Why a component's process gives up.
#[derive(Debug, thiserror::Error)]
pub enum ComponentError {
    /// The plan on standard input is none.
    #[error("the plan on standard input cannot be read")]
    Plan(#[source] serde_json::Error),
    /// The pipes to the parent broke.
    #[error("the parent process does not listen any more")]
    Pipe(#[from] io::Error),
}

/// Measures one component as the hidden subcommand `measure <component>` does: the plan as JSON on
/// `input`, findings as JSON lines on `output`.
///
/// It serves comparisons with other tools too. This measures one metric for two seconds at most, on one thread,
/// as `sysbench cpu --cpu-max-prime=20000 --threads=1 --time=2 run` does:
///
/// ```sh
/// echo '{"preset":"normal","budget":{"secs":2,"nanos":0},"only":"cpu.events_per_sec_single"}' |
///     benchtools measure cpu
/// ```
///
/// Of the lines, the one whose object has the field `measurement` holds the figure: `.measurement.value` is the
/// median of `.measurement.samples`, in events per second. A last line `{"done":true}` says that all is told.
pub fn measure_component(
    component: Component,
    input: impl Read,
    output: impl Write,
) -> Result<(), ComponentError> {
    let plan: ComponentPlan = serde_json::from_reader(input).map_err(ComponentError::Plan)?;
    die_with_parent();
    let mut sink = Pipe(output);
    run_tests(component, &plan, &mut sink)?;
    Ok(sink.say(Line::Done(true))?)
}

/// A killed agent must not leave a process behind that keeps the machine busy.
fn die_with_parent() {
    use rustix::process::{Signal, set_parent_process_death_signal};
    // Kernels of the last twenty years know this; without it the broken pipe ends us a little later.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

fn run_tests(component: Component, plan: &ComponentPlan, sink: &mut dyn Sink) -> io::Result<()> {
    match component {
        Component::Cpu => tests::cpu::run(plan, sink),
        Component::Memory => tests::memory::run(plan, sink),
        Component::Disk => tests::disk::run(plan, sink),
        Component::Network => tests::network::run(plan, sink),
        Component::Gpu => {
            let path = format!("results.{component}");
            let advice = "this version of the agent has no test for it";
            sink.say(Line::Missing(Missing::new(&path, "no_test", Some(advice))))
        }
    }
}
