//! Getting the order that a case needs: over ES2+, or out of the orders file.

use super::{Player, StepError};
use crate::server::call::{Caller, Confirm, Id, Known, Reserve, Whose, Withdraw};
use crate::server::message::{Form, Told};
use crate::server::orders::OrderKind;

impl Player<'_> {
    pub(super) async fn make_order(&mut self, kind: OrderKind) -> Result<(), StepError> {
        match self.orders.take(kind) {
            Some(order) => {
                self.between.orders_before.extend(self.order.replace(order));
                Ok(())
            }
            None if self.target.operator.is_some() && kind.is_made_by_es2plus() => self.ordered(kind).await,
            None => Err(StepError::NotOffered(format!("the set-up does not offer {kind}"))),
        }
    }

    /// DownloadOrder and ConfirmOrder (SGP.22 §5.3.1, §5.3.2).
    async fn ordered(&mut self, kind: OrderKind) -> Result<(), StepError> {
        let reserve = match kind {
            OrderKind::Linked | OrderKind::DefaultSmdp => Reserve::ANY.linked(Whose::This),
            OrderKind::LinkedElsewhere => Reserve::ANY.linked(Whose::Another),
            _ => Reserve::ANY,
        };
        self.download_order(reserve, &Form::Right).await?;
        self.executed()?;
        let confirm = match kind {
            OrderKind::Confirmed => Confirm::KEPT,
            OrderKind::ConfirmationCode => Confirm::RELEASED.with_code(),
            OrderKind::DefaultSmdp => Confirm::RELEASED.with(Id::Empty),
            _ => Confirm::RELEASED,
        };
        self.confirm_order(confirm, &Form::Right).await?;
        self.executed()
    }

    fn executed(&self) -> Result<(), StepError> {
        match self.exchanges.last() {
            Some(exchange) if !matches!(exchange.answer.told, Told::Executed(_)) => {
                let name = exchange.message.function.name();
                Err(StepError::Answer(format!("{name}: {}", exchange.answer.told)))
            }
            _ => Ok(()),
        }
    }

    /// CancelOrder (SGP.22 §5.3.3), so that the profiles serve the next case. Nobody is told if it does not work: a profile
    /// that was downloaded stays as it is.
    pub(super) async fn cancel_orders(&mut self) {
        self.called_by(Caller::Usual);
        self.link_what_was_bound();
        let orders = std::mem::take(&mut self.between.orders_before);
        for order in orders.into_iter().chain(self.order.take()) {
            let Some(iccid) = &order.iccid else { continue };
            let known = Known {
                iccid: Some(iccid),
                order: Some(&order),
                eid: "",
                other_eid: "",
                profile_type: "",
                new_matching_id: "",
                used_matching_id: None,
            };
            if let Ok(message) = self.named(Withdraw::AVAILABLE.message(&known)) {
                self.call(message, &Form::Right).await.ok();
            }
        }
    }
}
