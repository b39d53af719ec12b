//! What eUICCs ask for: the MatchingIDs of orders that are ready on the server.

use std::str::FromStr;

use anyhow::{Context, Result, ensure};
use protocol::activation_code::ActivationCode;
use protocol::types::ServerAddress;

use super::result::OrdersUsed;

/// Orders, each of which is used once.
pub struct Orders {
    source: Source,
    /// How many attempts they are good for.
    attempts: Option<u64>,
    again: bool,
}

enum Source {
    None,
    Listed(Vec<String>),
    Numbered { pattern: Pattern, first: u64 },
}

impl Orders {
    /// For functions that need none: as many attempts as are wanted, or any number.
    pub fn none(attempts: Option<u64>) -> Self {
        Self { source: Source::None, attempts, again: false }
    }

    /// Those of a file: one MatchingID or activation code a line; empty lines do not count. No order may be bound to an EID, or
    /// the eUICC whose turn it is may not have it.
    ///
    /// # Errors
    /// Where there is none, and for an activation code of another server or one that asks for a confirmation code.
    pub fn listed(text: &str, server: &ServerAddress) -> Result<Self> {
        let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty());
        let listed = |(number, line)| matching_id(line, server).with_context(|| format!("line {number}"));
        let listed: Vec<String> = lines.map(listed).collect::<Result<_>>()?;
        ensure!(!listed.is_empty(), "it has no order");
        Ok(Self { attempts: Some(listed.len() as u64), source: Source::Listed(listed), again: false })
    }

    /// So many with the MatchingIDs of a pattern, from number `first` on.
    pub fn numbered(pattern: Pattern, first: u64, count: u64) -> Self {
        Self { source: Source::Numbered { pattern, first }, attempts: Some(count), again: false }
    }

    /// Takes them from the first on again when the last is used.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.again = true;
        self
    }

    /// Whether these are none.
    pub fn are_none(&self) -> bool {
        matches!(self.source, Source::None)
    }

    /// How many attempts they are good for; none where they do not run out.
    pub fn attempts(&self) -> Option<u64> {
        self.attempts.filter(|_| !self.again)
    }

    /// How many there are, or how many attempts without an order are wanted; none without a bound.
    pub(super) fn count(&self) -> Option<u64> {
        self.attempts
    }

    pub(super) fn come_again(&self) -> bool {
        self.again
    }

    /// Those that so many attempts have presented.
    pub(super) fn used(&self, attempts: u64) -> Option<OrdersUsed> {
        let used = attempts.min(self.attempts.unwrap_or(attempts));
        let first = match self.source {
            Source::None => return None,
            Source::Listed(_) => 1,
            Source::Numbered { first, .. } => first,
        };
        Some(OrdersUsed { first, last: first.saturating_add(used.checked_sub(1)?) })
    }

    /// What the attempt with this number, counted from 0, presents; nothing where there are no orders left.
    pub fn at(&self, attempt: u64) -> Option<Presented> {
        let index = match self.attempts {
            Some(attempts) if self.again => attempt.checked_rem(attempts)?,
            Some(attempts) if attempt >= attempts => return None,
            _ => attempt,
        };
        Some(Presented(match &self.source {
            Source::None => None,
            Source::Listed(listed) => Some(listed.get(usize::try_from(index).ok()?)?.clone()),
            Source::Numbered { pattern, first } => Some(pattern.at(first.checked_add(index)?)),
        }))
    }
}

/// The MatchingID that an attempt presents, where it presents one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Presented(pub Option<String>);

/// MatchingIDs that differ in their number, which stands where the pattern has `{}`: `LOAD-{}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    before: String,
    after: String,
}

impl Pattern {
    /// The one with this number.
    pub fn at(&self, number: u64) -> String {
        let Self { before, after } = self;
        format!("{before}{number}{after}")
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split("{}").collect::<Vec<_>>().as_slice() {
            [before, after] => Ok(Self { before: (*before).to_owned(), after: (*after).to_owned() }),
            _ => Err("the number has to stand in one place, for which {} is written".to_owned()),
        }
    }
}

fn matching_id(line: &str, server: &ServerAddress) -> Result<String> {
    if !line.contains('$') {
        return Ok(line.to_owned());
    }
    let code: ActivationCode = line.parse()?;
    ensure!(&code.smdp_address == server, "it is for {}, not for {server}", code.smdp_address);
    ensure!(!code.confirmation_code_required, "orders with a confirmation code cannot be taken here");
    Ok(code.matching_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> ServerAddress {
        "smdp.example.com".parse().unwrap()
    }

    fn presented(orders: &Orders, attempt: u64) -> Option<String> {
        orders.at(attempt).map(|presented| presented.0.unwrap())
    }

    #[test]
    fn a_file_has_matching_ids_and_activation_codes() {
        let orders =
            Orders::listed("A-1\n\n  LPA:1$smdp.example.com$B-2\r\n1$smdp.example.com$C-3\n", &server())
                .unwrap();
        let all: Vec<_> = (0..4).map(|attempt| presented(&orders, attempt)).collect();
        assert_eq!(all, [Some("A-1".into()), Some("B-2".into()), Some("C-3".into()), None]);
        assert_eq!(orders.attempts(), Some(3));
    }

    #[test]
    fn what_cannot_be_taken_is_told_with_its_line() {
        for (text, told) in [
            ("", "no order"),
            ("A\nLPA:1$other.example.com$B", "line 2: it is for other.example.com"),
            ("LPA:1$smdp.example.com$B$$1", "confirmation code"),
            ("\nLPA:2$smdp.example.com$B", "line 2"),
        ] {
            let error = Orders::listed(text, &server()).err().map(|error| format!("{error:#}"));
            assert!(error.as_ref().is_some_and(|error| error.contains(told)), "{text:?}: {error:?}");
        }
    }

    #[test]
    fn numbered_orders_count_from_the_first() {
        for first in [1, 7001] {
            let orders = Orders::numbered("LOAD-{}-X".parse().unwrap(), first, 2);
            assert_eq!(presented(&orders, 0).unwrap(), format!("LOAD-{first}-X"));
            assert_eq!(presented(&orders, 1).unwrap(), format!("LOAD-{}-X", first + 1));
            assert_eq!(presented(&orders, 2), None);
        }
        for pattern in ["LOAD-", "{}{}", ""] {
            assert!(pattern.parse::<Pattern>().is_err(), "{pattern:?}");
        }
    }

    #[test]
    fn orders_that_may_be_used_again_never_run_out() {
        let orders = Orders::numbered("{}".parse().unwrap(), 1, 2).again();
        assert_eq!(presented(&orders, 5).unwrap(), "2");
        assert_eq!(orders.attempts(), None);
    }

    #[test]
    fn the_orders_that_were_used_are_told_by_their_numbers() {
        let orders = || Orders::numbered("{}".parse().unwrap(), 101, 50);
        assert_eq!(orders().used(7), Some(OrdersUsed { first: 101, last: 107 }));
        // One attempt more than there are orders finds that there are none left.
        assert_eq!(orders().used(51), Some(OrdersUsed { first: 101, last: 150 }));
        assert_eq!(orders().again().used(1000), Some(OrdersUsed { first: 101, last: 150 }));
        assert_eq!(orders().used(0), None);
        assert_eq!(
            Orders::listed("A\nB\nC", &server()).unwrap().used(2),
            Some(OrdersUsed { first: 1, last: 2 })
        );
        assert_eq!(Orders::none(Some(3)).used(3), None);
    }

    #[test]
    fn without_orders_nothing_is_presented_as_often_as_is_wanted() {
        assert_eq!(Orders::none(None).at(u64::MAX), Some(Presented(None)));
        assert_eq!(Orders::none(Some(2)).at(1), Some(Presented(None)));
        assert_eq!(Orders::none(Some(2)).at(2), None);
    }
}
