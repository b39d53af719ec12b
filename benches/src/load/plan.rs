//! What is to be done.

use std::fmt;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use protocol::es9plus::Function;

use super::arrival::{Rate, Spread};
use super::orders::Orders;
use super::result::ArrivalTold;

/// A run.
pub struct Plan {
    /// What an attempt is.
    pub what: What,
    /// How attempts arrive.
    pub arrival: Arrival,
    /// How long they go before anything is measured.
    pub warm_up: Duration,
    /// How long it is measured; until the orders run out where it is not said.
    pub duration: Option<Duration>,
    /// What the eUICCs present.
    pub orders: Orders,
    /// What is left to chance follows from it: the challenges of eUICCs, and a Poisson process.
    pub seed: u64,
}

/// What an attempt is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A whole download: four functions, of which each is measured too.
    Download,
    /// One function. What has to come before it in its session is done and not measured.
    Function(Function),
}

impl What {
    /// The last function that an attempt calls.
    pub(super) fn last(self) -> Function {
        match self {
            Self::Download => Function::HandleNotification,
            Self::Function(function) => function,
        }
    }

    /// The functions that are measured, in the order in which they are called.
    pub(super) fn measured(self) -> Vec<Function> {
        use Function as F;
        match self {
            Self::Download => {
                vec![
                    F::InitiateAuthentication,
                    F::AuthenticateClient,
                    F::GetBoundProfilePackage,
                    F::HandleNotification,
                ]
            }
            Self::Function(function) => vec![function],
        }
    }

    /// Whether the eUICC presents an order.
    pub fn needs_orders(self) -> bool {
        self.last() != Function::InitiateAuthentication
    }

    /// Whether an order is left as it was, so that it may be presented again.
    pub fn leaves_orders(self) -> bool {
        self.last() == Function::AuthenticateClient
    }
}

/// `download`, or the name of the function.
impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Download => "download",
            Self::Function(function) => function.name(),
        })
    }
}

/// How attempts arrive.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Arrival {
    /// By the clock: an open loop.
    Rate {
        /// When they are due.
        rate: Rate,
        /// How many go on at once at most, each on a connection of its own; what is due beyond that waits.
        connections: usize,
    },
    /// So many at a time, the next when one ends: a closed loop.
    Concurrency(usize),
}

impl Arrival {
    /// How many connections are open at most.
    pub fn connections(self) -> usize {
        match self {
            Self::Rate { connections, .. } => connections,
            Self::Concurrency(concurrency) => concurrency,
        }
    }

    pub(super) fn told(self) -> ArrivalTold {
        match self {
            Self::Rate { rate, .. } => ArrivalTold::Rate(rate.per_second),
            Self::Concurrency(concurrency) => ArrivalTold::Concurrency(concurrency),
        }
    }

    pub(super) fn spread(self) -> Option<Spread> {
        match self {
            Self::Rate { rate, .. } => Some(rate.spread),
            Self::Concurrency(_) => None,
        }
    }
}

/// No run takes as long: ten years, each of 365 days.
pub const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

impl Plan {
    /// Whether it can be carried out.
    ///
    /// # Errors
    /// For a plan that has no attempt or no end, that measures nothing, or that has not the orders that it needs.
    pub fn check(&self) -> Result<()> {
        ensure!(self.arrival.connections() > 0, "without a connection there is no attempt");
        let longest = self.warm_up.max(self.duration.unwrap_or_default());
        ensure!(longest <= LONGEST, "no run goes on for more than ten years");
        if let Arrival::Rate { rate, .. } = self.arrival {
            let per_second = rate.per_second;
            ensure!(per_second.is_finite() && per_second > 0.0, "{per_second} attempts a second");
            let (warm_up, attempts) = (self.warm_up.as_secs_f64(), self.orders.attempts());
            if let Some(attempts) = attempts.filter(|attempts| *attempts as f64 / per_second <= warm_up) {
                bail!(
                    "{attempts} attempts at {per_second} a second are over when the warm-up is: {warm_up} s"
                );
            }
        }
        ensure!(
            self.duration.is_some() || self.orders.attempts().is_some(),
            "the run has no end: neither a duration nor a number of attempts is given"
        );
        match self.what.needs_orders() {
            true => ensure!(!self.orders.are_none(), "{} needs orders", self.what),
            false => ensure!(self.orders.are_none(), "{} takes no orders", self.what),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(what: What, orders: Orders) -> Plan {
        let rate = Rate { per_second: 10.0, spread: Spread::Even };
        Plan {
            what,
            arrival: Arrival::Rate { rate, connections: 10 },
            warm_up: Duration::ZERO,
            duration: None,
            orders,
            seed: 1,
        }
    }

    const INITIATE: What = What::Function(Function::InitiateAuthentication);

    #[test]
    fn a_plan_has_an_end_attempts_and_the_orders_that_it_needs() {
        let orders = || Orders::numbered("{}".parse().unwrap(), 1, 3);
        plan(What::Download, orders()).check().unwrap();
        plan(INITIATE, Orders::none(Some(3))).check().unwrap();
        assert!(plan(What::Download, Orders::none(Some(3))).check().is_err());
        assert!(plan(INITIATE, orders()).check().is_err());
        assert!(plan(INITIATE, Orders::none(None)).check().is_err());
        let lasting = Plan { duration: Some(Duration::from_secs(1)), ..plan(INITIATE, Orders::none(None)) };
        lasting.check().unwrap();
        for per_second in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let rate = Rate { per_second, spread: Spread::Even };
            let arrival = Arrival::Rate { rate, connections: 1 };
            assert!(Plan { arrival, ..plan(INITIATE, Orders::none(Some(1))) }.check().is_err());
        }
        let arrival = Arrival::Concurrency(0);
        assert!(Plan { arrival, ..plan(INITIATE, Orders::none(Some(1))) }.check().is_err());
    }

    #[test]
    fn a_plan_leaves_something_to_measure_when_the_warm_up_is_over() {
        // Three attempts, ten a second.
        let with = |millis| {
            let warm_up = Duration::from_millis(millis);
            Plan { warm_up, ..plan(INITIATE, Orders::none(Some(3))) }.check()
        };
        with(299).unwrap();
        assert!(with(300).unwrap_err().to_string().contains("are over when the warm-up is"));
    }

    #[test]
    fn a_plan_goes_on_for_ten_years_at_most() {
        let with = |warm_up, duration| {
            Plan { warm_up, duration: Some(duration), ..plan(INITIATE, Orders::none(None)) }.check()
        };
        with(LONGEST, LONGEST).unwrap();
        assert!(with(LONGEST + Duration::from_nanos(1), Duration::ZERO).is_err());
        assert!(with(Duration::ZERO, Duration::MAX).is_err());
    }

    #[test]
    fn a_download_has_four_functions_and_a_function_is_itself() {
        let names: Vec<_> = What::Download.measured().into_iter().map(Function::name).collect();
        assert_eq!(
            names,
            ["initiateAuthentication", "authenticateClient", "getBoundProfilePackage", "handleNotification"]
        );
        for function in Function::ALL {
            assert_eq!(What::Function(function).measured(), [function]);
        }
    }
}
