//! Measuring as the plan says, with a progress bar.

use std::time::{Duration, Instant};

use crate::lang::Lang;
use crate::measure::{self, MeasurePlan, Measured, ServerAccess};
use crate::plan::{Access, Plan};

use super::progress::Bar;

/// What verdicts, spool and sending take at the end, kept free within the preset's total.
const FOR_THE_END: Duration = Duration::from_millis(500);

/// Measures what the plan names; everything has stopped when the preset's total, counted from `begun`, is up.
pub(super) fn measure(plan: &Plan, begun: Instant, lang: Lang) -> Measured {
    let measure_plan = MeasurePlan {
        preset: plan.preset,
        components: plan.components.clone(),
        disk_paths: plan.disk_paths.clone(),
        server: plan.access.as_ref().map(server),
        full_network: plan.full_network,
        iperf_server: plan.iperf_server.clone(),
        if_idle: plan.if_idle,
        deadline: begun + plan.total() - FOR_THE_END,
        program: None,
    };
    let bar = Bar::new(plan.total(), lang);
    let measured = measure::measure(&measure_plan, &mut |progress| bar.show(&progress));
    bar.finish();
    measured
}

fn server(access: &Access) -> ServerAccess {
    ServerAccess {
        url: access.url.as_str().to_owned(),
        token: access.token.secret().to_owned(),
        ca_file: access.ca_file.clone(),
    }
}
