//! When figures are not those of the server, or not all of them.

use super::units;
use crate::load::ending::NO_ROOM_HERE;
use crate::load::result::{Ended, LoadResult};

/// The share of its processors beyond which a generator has no room left.
const BUSY: f64 = 0.8;

/// What has to be known of the figures before they are believed, a sentence or two each.
pub fn of(result: &LoadResult) -> Vec<String> {
    let (generator, whole, plan) = (&result.generator, &result.whole, &result.plan);
    let mut cautions = Vec::new();
    if result.ended == Ended::Interrupted {
        cautions.push("The run was interrupted: it is not all that was asked for.".to_owned());
    }
    if result.timeline.is_empty() {
        cautions.push(
            "Nothing was measured: the run was over before an attempt was due after the warm-up.".to_owned(),
        );
    }
    let no_room = result.outcomes.iter().find(|outcome| outcome.name == NO_ROOM_HERE);
    if let Some(outcome) = no_room {
        cautions.push(format!(
            "The generator was the bottleneck: {} attempts found no descriptor or no port left on its machine.",
            units::count(outcome.count)
        ));
    }
    // As many have to fail as make one in a hundred of all.
    if whole.succeeded > 0 && whole.failed.saturating_mul(99) > whole.succeeded {
        cautions.push("More than one in a hundred did not succeed; p99 is of those that did.".to_owned());
    }
    if plan.euiccs < plan.connections {
        cautions.push(format!(
            "There were fewer eUICCs than attempts may go on at once, {} and {}: one EID may have been in several sessions.",
            units::count(plan.euiccs as u64),
            units::count(plan.connections as u64)
        ));
    }
    if generator.share > BUSY {
        cautions.push(format!(
            "The generator was the bottleneck: it used {} of its processors. Run it on another machine, or ask for less.",
            units::percent(generator.share)
        ));
    }
    // Where nothing succeeded there is no latency to compare with.
    if whole.succeeded > 0 && generator.lag.p99 > whole.latency.p50 {
        cautions.push(format!(
            "The generator was late: one attempt in a hundred began {} after it could have or later, which is more than the \
             middle latency, {}. Latencies contain that.",
            units::micros(generator.lag.p99),
            units::micros(whole.latency.p50)
        ));
    }
    cautions
}
