//! What a case needs an order for, and where orders come from if there is no ES2+.

use std::fmt;

use serde::Deserialize;

/// What an order has to be like for a case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderKind {
    /// Released, for whoever has the MatchingID.
    Released,
    /// The same with a confirmation code.
    ConfirmationCode,
    /// Released and linked to the EID of the case.
    Linked,
    /// Released and linked to another EID.
    LinkedElsewhere,
    /// Released for the EID of the case, without a MatchingID: the default SM-DP+ use case.
    DefaultSmdp,
    /// Confirmed, not released.
    Confirmed,
    /// Expired.
    Expired,
    /// Released, with a profile that has PPR1: it cannot be disabled.
    Ppr1,
    /// Released, with a profile that needs more memory than the eUICC of the case says it has.
    Large,
}

impl OrderKind {
    /// Whether ES2+ can make it of any profile.
    pub fn is_made_by_es2plus(self) -> bool {
        !matches!(self, Self::Expired | Self::Ppr1)
    }
}

impl fmt::Display for OrderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Released => "a released order",
            Self::ConfirmationCode => "a released order with a confirmation code",
            Self::Linked => "a released order that is linked to this eUICC",
            Self::LinkedElsewhere => "a released order that is linked to another eUICC",
            Self::DefaultSmdp => "a released order for this eUICC without a MatchingID",
            Self::Confirmed => "an order that is confirmed and not released",
            Self::Expired => "an order that has expired",
            Self::Ppr1 => "a released order whose profile has PPR1",
            Self::Large => "a released order with a profile of more than 1 KB",
        })
    }
}

/// An order as the case knows it.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its MatchingID; `None` in the default SM-DP+ use case.
    pub matching_id: Option<String>,
    /// Its confirmation code.
    pub confirmation_code: Option<String>,
    /// Its profile, where ES2+ told it.
    pub iccid: Option<String>,
    /// The EID that ES2+ linked it to.
    pub eid: Option<String>,
}

/// Orders that are on the server before the run, and which case may use them.
#[derive(Clone, Default, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrdersFile {
    /// One entry an order.
    #[serde(default, rename = "order")]
    pub orders: Vec<OrderEntry>,
}

/// One order that is there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrderEntry {
    /// Its MatchingID, as it stands in the activation code.
    #[serde(default)]
    pub matching_id: Option<String>,
    /// What it is like.
    pub is: OrderKind,
    /// Its confirmation code.
    #[serde(default)]
    pub confirmation_code: Option<String>,
    /// How many cases may use it: each one where nothing is said, as of a server that hands a profile out again.
    #[serde(default)]
    pub uses: Option<u32>,
}

impl OrdersFile {
    /// Reads an orders file (TOML).
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Takes an order of this kind, if one is left.
    pub fn take(&mut self, kind: OrderKind) -> Option<Order> {
        let entry = self.orders.iter_mut().find(|entry| entry.is == kind && entry.uses != Some(0))?;
        entry.uses = entry.uses.map(|uses| uses.saturating_sub(1));
        Some(Order {
            matching_id: entry.matching_id.clone(),
            confirmation_code: entry.confirmation_code.clone(),
            iccid: None,
            eid: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_taken_as_often_as_it_may_be_used() {
        let mut file = OrdersFile::parse(
            "[[order]]\nmatching-id = 'A'\nis = 'released'\nuses = 1\n\
             [[order]]\nmatching-id = 'B'\nis = 'confirmation-code'\nconfirmation-code = '1234'\n",
        )
        .unwrap();
        assert_eq!(file.take(OrderKind::Released).unwrap().matching_id.as_deref(), Some("A"));
        assert!(file.take(OrderKind::Released).is_none());
        for _ in 0..3 {
            let order = file.take(OrderKind::ConfirmationCode).unwrap();
            assert_eq!(order.confirmation_code.as_deref(), Some("1234"));
        }
        assert!(file.take(OrderKind::Expired).is_none());
    }

    #[test]
    fn a_word_that_means_nothing_is_an_error() {
        assert!(OrdersFile::parse("[[order]]\nis = 'relased'").is_err());
        assert!(OrdersFile::parse("[[order]]\nis = 'released'\nuse = 1").is_err());
    }
}
