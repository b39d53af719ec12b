//! Notifications (SGP.22 §3.5).

use std::collections::HashSet;

use super::{Judgement, Met, otherwise, times};
use crate::lpa::log::{Call, Notice};
use crate::lpa::situation::Server;

impl Met<'_> {
    pub(super) fn delivers_as_signed(&self) -> Judgement {
        let mut notices = self.log.notices().peekable();
        if notices.peek().is_none() {
            return otherwise(self.nothing());
        }
        for (_, notice) in notices {
            notice.verified.clone().or_else(otherwise)?;
        }
        Ok(())
    }

    pub(super) fn delivers_once(&self) -> Judgement {
        let numbers: Vec<u64> = self.log.notices().map(|(_, notice)| notice.sequence).collect();
        let Some(first) = numbers.first() else { return otherwise(self.nothing()) };
        let different: HashSet<&u64> = numbers.iter().collect();
        if different.len() == numbers.len() {
            return Ok(());
        }
        let count = numbers.iter().filter(|number| *number == first).count();
        otherwise(format!("notification {first} was sent {}", times(count)))
    }

    /// The first that was not acknowledged, and what came of it in a later act.
    pub(super) fn delivers_again(&self) -> Judgement {
        let refused = self.log.notices().find(|(call, _)| !is_acknowledged(call));
        let Some((refused, notice)) = refused else { return self.not_reached() };
        let again = self.log.notices().find(|(call, other)| {
            call.act > refused.act && other.sequence == notice.sequence && is_acknowledged(call)
        });
        match again {
            Some((_, again)) if again.bytes == notice.bytes => Ok(()),
            Some(_) => otherwise("it was sent again, changed"),
            None => otherwise(format!("it was not sent again; {}", self.log.summary())),
        }
    }

    pub(super) fn delivers_in_order(&self) -> Judgement {
        let group = self.group()?;
        let numbers: Vec<u64> = group.iter().map(|(_, notice)| notice.sequence).collect();
        if numbers.is_sorted() { Ok(()) } else { otherwise(format!("they came in the order {numbers:?}")) }
    }

    pub(super) fn delivers_one_by_one(&self) -> Judgement {
        let group = self.group()?;
        for (before, after) in group.iter().zip(group.iter().skip(1)) {
            let answered = before.0.answered.unwrap_or(before.0.at);
            if after.0.at < answered {
                let (first, second) = (before.1.sequence, after.1.sequence);
                return otherwise(format!(
                    "notification {second} came while {first} was still being answered"
                ));
            }
        }
        Ok(())
    }

    pub(super) fn delivers_to(&self, server: Server) -> Judgement {
        let mut arrived = self.log.notices().filter(|(call, _)| call.server == server);
        if arrived.next().is_some() { Ok(()) } else { otherwise(self.nothing()) }
    }

    /// What went to the SM-DP+: two at least, or the case says nothing.
    fn group(&self) -> Result<Vec<(&Call, &Notice)>, super::Unmet> {
        let group: Vec<_> = self.log.notices().filter(|(call, _)| call.server == Server::Smdp).collect();
        match group.len() {
            0 | 1 => Err(super::Unmet::Otherwise(format!(
                "the SM-DP+ got {} of two notifications; {}",
                group.len(),
                self.log.summary()
            ))),
            _ => Ok(group),
        }
    }

    fn nothing(&self) -> String {
        format!("no such notification came; {}", self.log.summary())
    }
}

fn is_acknowledged(call: &Call) -> bool {
    call.status.is_some_and(|status| status.is_success())
}
