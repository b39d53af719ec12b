//! How a subject does its work: what it takes is made beforehand, outside of what is measured.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::runtime::Runtime;

use crate::measure::processor_time;

/// Something that can be done again and again.
pub trait Work {
    /// Makes what the next so many calls take, and forgets what the last ones left.
    ///
    /// # Errors
    /// Where it cannot be made.
    fn prepare(&mut self, calls: usize) -> Result<()>;

    /// Does it once.
    ///
    /// # Errors
    /// Where it fails, or nothing was prepared for it.
    fn call(&mut self) -> Result<()>;

    /// For how many calls it makes sense to prepare at a time; any number where nothing has to be prepared.
    fn at_once(&self, calls: u32) -> u64;
}

/// What takes nothing but what it has.
pub struct Repeated<F>(pub F);

impl<F: FnMut() -> Result<()>> Work for Repeated<F> {
    fn prepare(&mut self, _: usize) -> Result<()> {
        Ok(())
    }

    fn call(&mut self) -> Result<()> {
        (self.0)()
    }

    fn at_once(&self, _: u32) -> u64 {
        u64::MAX
    }
}

/// What takes something new each time: `make` makes so many of that, `call` takes one. What `call` gives back is dropped later,
/// outside of what is measured.
pub struct Prepared<S, I, O, M, C> {
    state: S,
    make: M,
    call: C,
    inputs: Vec<I>,
    outputs: Vec<O>,
}

impl<S, I, O, M, C> Prepared<S, I, O, M, C>
where
    M: FnMut(&mut S, usize) -> Result<Vec<I>>,
    C: FnMut(&mut S, I) -> Result<O>,
{
    /// With what both share.
    pub fn new(state: S, make: M, call: C) -> Self {
        Self { state, make, call, inputs: Vec::new(), outputs: Vec::new() }
    }
}

impl<S, I, O, M, C> Work for Prepared<S, I, O, M, C>
where
    M: FnMut(&mut S, usize) -> Result<Vec<I>>,
    C: FnMut(&mut S, I) -> Result<O>,
{
    fn prepare(&mut self, calls: usize) -> Result<()> {
        self.outputs.clear();
        self.outputs.reserve(calls);
        self.inputs = (self.make)(&mut self.state, calls)?;
        self.inputs.reverse();
        Ok(())
    }

    fn call(&mut self) -> Result<()> {
        let input = self.inputs.pop().context("nothing was prepared for this call")?;
        let output = (self.call)(&mut self.state, input)?;
        self.outputs.push(output);
        Ok(())
    }

    fn at_once(&self, calls: u32) -> u64 {
        calls.into()
    }
}

/// A subject that is set up.
pub struct Ready {
    work: Box<dyn Work>,
    at_once: u64,
}

impl Ready {
    pub(crate) fn new(work: Box<dyn Work>, calls: u32) -> Self {
        let at_once = work.at_once(calls).max(1);
        Self { work, at_once }
    }

    /// The processor time of so many calls. What has to be made for them is not in it.
    ///
    /// # Errors
    /// Where one of them fails.
    pub fn spent(&mut self, calls: u64) -> Result<Duration> {
        self.spent_by(processor_time, calls)
    }

    /// The same by another clock.
    ///
    /// # Errors
    /// The same.
    pub fn spent_by(&mut self, clock: impl Fn() -> Duration, calls: u64) -> Result<Duration> {
        let (mut left, mut spent) = (calls, Duration::ZERO);
        while left > 0 {
            let now = left.min(self.at_once);
            self.prepare(now)?;
            let begun = clock();
            self.call(now)?;
            spent += clock() - begun;
            left -= now;
        }
        Ok(spent)
    }

    /// Makes what so many calls take.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn prepare(&mut self, calls: u64) -> Result<()> {
        self.work.prepare(usize::try_from(calls)?)
    }

    /// Does it so many times; prepared for it has to be.
    ///
    /// # Errors
    /// Where one of them fails.
    pub fn call(&mut self, calls: u64) -> Result<()> {
        (0..calls).try_for_each(|_| self.work.call())
    }
}

/// Waits for servers on this thread alone.
pub(super) struct Waiter(Runtime);

impl Waiter {
    pub(super) fn new() -> Result<Self> {
        Ok(Self(tokio::runtime::Builder::new_current_thread().enable_all().build()?))
    }

    /// What a server answers. Mostly it does so without waiting for anything, and then the runtime, which costs as much to begin and
    /// to end as a query does, stays out of it.
    pub(super) fn wait<T, E: Into<anyhow::Error>>(
        &self,
        answer: impl Future<Output = Result<T, E>>,
    ) -> Result<T> {
        let mut answer = pin!(answer);
        let at_once = {
            let _within = self.0.enter();
            answer.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        };
        match at_once {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => self.0.block_on(answer),
        }
        .map_err(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    #[test]
    fn every_call_takes_what_was_made_for_it_in_order() {
        let seen = Rc::new(Cell::new(0_usize));
        let (made, taken) = (Cell::new(0_usize), seen.clone());
        let make = move |(): &mut (), calls: usize| {
            let first = made.replace(made.get() + calls);
            Ok((first..first + calls).collect())
        };
        let work = Prepared::new((), make, move |(), number: usize| {
            anyhow::ensure!(number == taken.replace(number + 1), "{number} is out of turn");
            Ok(())
        });
        let mut ready = Ready::new(Box::new(work), 3);
        ready.spent(7).unwrap();
        assert_eq!(seen.get(), 7);
        ready.prepare(1).unwrap();
        assert!(ready.call(2).is_err(), "nothing was made for the second");
    }

    #[test]
    fn what_a_call_gives_back_stays_until_the_next_are_prepared() {
        let kept = Rc::new(());
        let work = Prepared::new(kept.clone(), |kept, calls| Ok(vec![kept.clone(); calls]), |_, one| Ok(one));
        let mut ready = Ready::new(Box::new(work), 8);
        ready.spent(5).unwrap();
        assert_eq!(Rc::strong_count(&kept), 2 + 5);
        ready.prepare(0).unwrap();
        assert_eq!(Rc::strong_count(&kept), 2);
    }
}
