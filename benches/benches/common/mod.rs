//! What every target does: a theme timed by criterion, then held beside its floors.

use benches::subjects::ratios::{HEADING, ROUNDS, line, ratio};
use benches::subjects::{Ready, all};
use criterion::{Criterion, SamplingMode};
use std::time::Duration;

/// That of `rsp`, so that what is measured here is what is shipped.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Times every subject of a theme that the command line asks for.
pub fn run(theme: &str) {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .configure_from_args();
    let subjects = all();
    let mut held_against_floors = Vec::new();
    let mut group = criterion.benchmark_group(theme);
    group.sampling_mode(SamplingMode::Flat);
    for subject in &subjects {
        let Some(name) = subject.name.strip_prefix(theme).and_then(|rest| rest.strip_prefix('/')) else {
            continue;
        };
        let mut ready: Option<Ready> = None;
        group.bench_function(name, |bencher| {
            let ready = ready.get_or_insert_with(|| subject.ready().unwrap());
            bencher.iter_custom(|calls| ready.spent(calls).unwrap());
        });
        if ready.is_some() && !subject.floor.0.is_empty() {
            held_against_floors.push(subject);
        }
    }
    group.finish();
    if !measures() || held_against_floors.is_empty() {
        return;
    }
    println!("\n{HEADING}");
    for subject in held_against_floors {
        let compared = ratio(&subjects, subject, ROUNDS).unwrap();
        println!("{}", line(&subject.name, &compared));
    }
}

/// Whether it is more than a try.
fn measures() -> bool {
    let mut arguments = std::env::args().skip(1);
    let has_bench = std::env::args().any(|argument| argument == "--bench");
    has_bench && !arguments.any(|argument| argument == "--test" || argument == "--list")
}
