//! The functions that an operator calls, and what is reported to it.

use std::time::Duration;

use protocol::es2plus::Function as Es2Plus;
use tokio::time::Instant;

use super::{Player, StepError};
use crate::server::call::{CONFIRMATION_CODE, Confirm, Known, Profile, Reported, Reserve, Withdraw, release};
use crate::server::message::{Form, Function, Members, Message, Told};
use crate::server::orders::Order;
use crate::server::target::Reports;

/// How long a report may take; one that was refused is tried again within this time.
const PATIENCE: Duration = Duration::from_secs(20);
/// So many reports of one case are looked at.
const MOST_REPORTS: usize = 50;

impl Player<'_> {
    pub(super) async fn download_order(&mut self, how: Reserve, form: &Form) -> Result<(), StepError> {
        let message = self.known(|known| how.message(known));
        let eid = message.text("eid");
        let Some(answer) = self.order_call(message, form).await? else { return Ok(()) };
        let iccid = answer.text("iccid").map(str::to_owned).map_err(StepError::Answer)?;
        if let Some(reports) = &self.target.reports {
            reports.forget(&iccid);
        }
        let order = Order { matching_id: None, confirmation_code: None, iccid: Some(iccid.clone()), eid };
        self.between.orders_before.extend(self.order.replace(order));
        self.between.iccid = Some(iccid);
        Ok(())
    }

    pub(super) async fn confirm_order(&mut self, how: Confirm, form: &Form) -> Result<(), StepError> {
        let message = self.known(|known| how.message(known));
        let (eid, said) = (message.text("eid"), message.text("matchingId"));
        let Some(answer) = self.order_call(message, form).await? else { return Ok(()) };
        let told = answer.text("matchingId").ok().map(str::to_owned);
        if let Some(order) = &mut self.order {
            order.matching_id = told.or(said).filter(|id| !id.is_empty());
            order.eid = eid.or(order.eid.take());
            order.confirmation_code = how.code.then(|| CONFIRMATION_CODE.to_owned());
        }
        Ok(())
    }

    /// SGP.22 §5.6.2: a profile that was bound to an eUICC is linked to it.
    pub(super) fn link_what_was_bound(&mut self) {
        let mut sessions = [&self.session, &self.earlier].into_iter().flatten();
        let is_bound = sessions.any(|session| session.package.is_some());
        let eid = self.euicc.eid();
        if let Some(order) = self.order.as_mut().filter(|order| is_bound && order.eid.is_none()) {
            order.eid = Some(eid);
        }
    }

    pub(super) async fn withdraw_order(&mut self, how: Withdraw, form: &Form) -> Result<(), StepError> {
        self.link_what_was_bound();
        let message = self.known(|known| how.message(known));
        let done = self.order_call(message, form).await?.is_some();
        if let Some(order) = self.order.as_mut().filter(|_| done) {
            // Nothing is left to clear up; an LPA may still come for it.
            order.iccid = None;
        }
        Ok(())
    }

    pub(super) async fn release_profile(&mut self, profile: Profile, form: &Form) -> Result<(), StepError> {
        let message = self.known(|known| release(profile, known));
        self.order_call(message, form).await.map(drop)
    }

    /// Calls a function of ES2+; the members of its answer, if it was executed.
    async fn order_call(&mut self, message: Message, form: &Form) -> Result<Option<Members>, StepError> {
        let message = self.named(message)?;
        match &self.call(message, form).await?.told {
            Told::Executed(members) => Ok(Some(members.clone())),
            _ => Ok(None),
        }
    }

    fn known(&mut self, message: impl FnOnce(&Known<'_>) -> Message) -> Message {
        let (own, other) = (self.euicc.eid(), self.other_eid());
        // 18 of the characters of SGP.22 §4.1.1.
        let new_matching_id = format!("J-{}", self.text_of_its_own());
        let before = self.between.orders_before.last();
        message(&Known {
            iccid: self.between.iccid.as_deref(),
            order: self.order.as_ref(),
            eid: &own,
            other_eid: &other,
            profile_type: self.target.operator.as_ref().map_or("", |operator| operator.profile_type.as_str()),
            new_matching_id: &new_matching_id,
            used_matching_id: before.and_then(|order| order.matching_id.as_deref()),
        })
    }

    /// The last call once more, byte for byte.
    pub(super) async fn again(&mut self) -> Result<(), StepError> {
        let last = self.exchanges.last().map(|exchange| exchange.message.clone());
        let message = last.ok_or_else(|| StepError::Answer("nothing was called".to_owned()))?;
        self.call(message, &Form::Right).await.map(drop)
    }

    /// Whether reports of the SM-DP+ come here.
    pub(super) fn reports(&self) -> Result<&Reports, StepError> {
        let missing = "the SM-DP+ is not known to send its reports here";
        self.target.reports.as_ref().ok_or_else(|| StepError::NotOffered(missing.to_owned()))
    }

    /// The next report of the profile is answered with 500.
    pub(super) fn refuse_report(&self) -> Result<(), StepError> {
        self.reports()?.refuse_next(self.between.iccid.as_deref().unwrap_or_default());
        Ok(())
    }

    /// Waits for a report about the profile of the case, however many others come before it.
    pub(super) async fn report(&mut self, about: Reported) -> Result<(), StepError> {
        let iccid = self.between.iccid.clone().unwrap_or_default();
        let eid = self.euicc.eid();
        let deadline = Instant::now() + PATIENCE;
        while let Some(report) = self.reports()?.next(&iccid, deadline).await {
            // Of an earlier case with the same profile.
            if report.object.get("eid").is_some_and(|other| other != eid.as_str()) {
                continue;
            }
            let is_meant = about.is_met_by(&report.object);
            if self.between.reports.len() < MOST_REPORTS {
                self.between.reports.push(report);
            }
            if is_meant {
                return Ok(());
            }
        }
        Err(StepError::Answer(self.what_was_reported()))
    }

    fn what_was_reported(&self) -> String {
        let name = Function::Es2Plus(Es2Plus::HandleDownloadProgressInfo).name();
        let came: Vec<String> = self
            .between
            .reports
            .iter()
            .map(|report| String::from_utf8_lossy(&report.body).into_owned())
            .collect();
        match came.is_empty() {
            true => format!("no {name} came"),
            false => format!("no such {name} came, but {}", came.join(", ")),
        }
    }
}
