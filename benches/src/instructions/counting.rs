//! The subjects, each in processes of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};

use super::{Counted, Counts, FORMAT, callgrind};
use crate::subjects::{self, Subject};

/// Counts the subjects whose name has `filter` in it, and what they are held against, as many at a time as there are processors;
/// `told` hears of each that is counted. `program` is one that does [`call`] where its arguments are `call` and a name.
///
/// # Errors
/// Where Valgrind is missing, or a subject fails.
pub fn count(program: &Path, filter: &str, told: impl Fn(&str) + Sync) -> Result<Counts> {
    let valgrind = callgrind::version()?;
    let subjects = subjects::all();
    let wanted: Vec<&Subject> = subjects.iter().filter(|subject| subject.name.contains(filter)).collect();
    ensure!(!wanted.is_empty(), "no subject has {filter:?} in its name");
    let with_terms = wanted.iter().flat_map(|subject| subject.terms().chain([subject.name.as_str()]));
    let names: BTreeSet<&str> = with_terms.collect();
    let calls: BTreeMap<&str, u32> =
        names.into_iter().map(|name| Ok((name, find(&subjects, name)?.calls))).collect::<Result<_>>()?;
    let figures = all_at_once(&calls, |name, calls| {
        let figure = of_a_call(program, name, calls).with_context(|| name.to_owned())?;
        told(name);
        Ok(figure)
    })?;
    let counted = wanted.iter().map(|subject| counted(subject, |name| figures.get(name).copied())).collect();
    Ok(Counts { format: FORMAT, valgrind, counted })
}

/// The figure of each name, found by as many threads as there are processors. After a failure nothing more is begun.
fn all_at_once<'n>(
    calls: &BTreeMap<&'n str, u32>,
    figure: impl Fn(&str, u32) -> Result<f64> + Sync,
) -> Result<BTreeMap<&'n str, f64>> {
    let left = Mutex::new(calls.iter());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let fail = || left.lock().unwrap_or_else(PoisonError::into_inner).by_ref().for_each(drop);
    let work = || {
        let mut found = Vec::new();
        while let Some((name, calls)) = next() {
            match figure(name, *calls) {
                Ok(figure) => found.push((*name, figure)),
                Err(error) => {
                    fail();
                    return Err(error);
                }
            }
        }
        Ok(found)
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut figures = BTreeMap::new();
        for worker in workers {
            figures.extend(worker.join().map_err(|_| anyhow!("counting panicked"))??);
        }
        Ok(figures)
    })
}

fn find<'a>(subjects: &'a [Subject], name: &str) -> Result<&'a Subject> {
    subjects
        .iter()
        .find(|subject| subject.name == name)
        .with_context(|| format!("there is no subject {name}"))
}

fn counted(subject: &Subject, figure: impl Fn(&str) -> Option<f64>) -> Counted {
    let others = subject.others.of(&figure).unwrap_or_default();
    let whole = figure(&subject.name).unwrap_or_default();
    Counted {
        name: subject.name.clone(),
        instructions: rounded(whole - others),
        floor: subject.floor.of(&figure).map(rounded),
    }
}

/// Nothing where a figure is below zero: what others do may vary by more than the whole has besides.
fn rounded(figure: f64) -> u64 {
    figure.round() as u64
}

/// Each in a process of its own, in which neither the start nor what is made for the calls counts.
fn of_a_call(program: &Path, name: &str, calls: u32) -> Result<f64> {
    let folder = tempfile::tempdir().context("no folder for what callgrind writes")?;
    let instructions = callgrind::instructions(program, &["call", name], MARK, folder.path())?;
    Ok(instructions as f64 / f64::from(calls))
}

/// What a process does that is counted: sets a subject up and calls it, first a few times and then as often as one measurement
/// takes. The second comes between two calls of `mark`.
///
/// # Errors
/// Where the subject fails.
pub fn call(name: &str) -> Result<()> {
    let subjects = subjects::all();
    let subject = find(&subjects, name)?;
    let (first, counted) = (u64::from(subject.calls.div_ceil(8)), u64::from(subject.calls));
    let mut ready = subject.ready()?;
    ready.prepare(first + counted)?;
    // The first calls do what no other does.
    ready.call(first)?;
    mark();
    let outcome = ready.call(counted);
    mark();
    outcome
}

/// By what callgrind knows [`mark`].
const MARK: &str = "benches::instructions::counting::mark*";

/// Where callgrind puts its counters back to zero.
#[inline(never)]
fn mark() {
    black_box("counting begins or ends");
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::subjects::{Repeated, Sum};

    #[test]
    fn what_others_do_is_taken_off_and_the_floor_is_summed_up() {
        let subject = Subject::new("session", 4, || Ok(Repeated(|| Ok(()))));
        let floor = Sum::times(3, "sign").and(Sum::times(1, "derive"));
        let subject = subject.beside(floor).less(Sum::times(1, "euicc"));
        let figures =
            BTreeMap::from([("session", 1000.4), ("euicc", 300.0), ("sign", 100.0), ("derive", 20.0)]);
        let counted = counted(&subject, |name| figures.get(name).copied());
        assert_eq!((counted.instructions, counted.floor), (700, Some(320)));
        let alone = Subject::new("sign", 4, || Ok(Repeated(|| Ok(()))));
        let counted = super::counted(&alone, |name| figures.get(name).copied());
        assert_eq!((counted.instructions, counted.floor), (100, None));
    }

    #[test]
    fn nothing_more_is_begun_after_a_failure() {
        let names: Vec<String> = (0..1000).map(|number| format!("{number:04}")).collect();
        let calls = names.iter().map(|name| (name.as_str(), 2)).collect();
        let figures = all_at_once(&calls, |name, calls| Ok(name.parse::<f64>()? * f64::from(calls))).unwrap();
        assert_eq!((figures.len(), figures["0007"]), (1000, 14.0));
        let begun = AtomicUsize::new(0);
        let error = all_at_once(&calls, |name, _| {
            begun.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(1));
            ensure!(name != "0003", "the fourth fails");
            Ok(0.0)
        });
        assert!(error.unwrap_err().to_string().contains("the fourth fails"));
        assert!(begun.into_inner() < 1000, "everything was begun all the same");
    }

    #[test]
    fn a_filter_that_nothing_has_in_its_name_is_an_error() {
        if let Err(error) = callgrind::version() {
            println!("skipped: {error}");
            return;
        }
        let error = count(Path::new("/bin/true"), "no such subject", |_| ()).unwrap_err();
        assert!(error.to_string().contains("no such subject"), "{error}");
    }
}
