//! DownloadOrder (SGP.22 §5.3.1).

use asn1::Iccid;
use protocol::es2plus::{DownloadOrder, DownloadOrderOk};
use protocol::status::{Refusal, StatusCode};
use service::failure::Failure;

use super::as_json;
use crate::domain::{CallKey, Order, ProfileState};
use crate::server::Smdp;
use crate::store::{Reservation, Store, TypeInventory, Wanted};

impl<S: Store> Smdp<S> {
    pub(super) async fn place_order(
        &self,
        caller: &str,
        key: &CallKey,
        request: &DownloadOrder,
    ) -> Result<DownloadOrderOk, Failure> {
        if let Some(answer) = self.earlier(key).await? {
            return Ok(answer);
        }
        let (wanted, none_left) = match (request.iccid, &request.profile_type) {
            (Some(iccid), profile_type) => {
                self.check_profile(caller, iccid, profile_type.as_deref()).await?;
                (Wanted::Iccid(iccid), in_use(&iccid))
            }
            (None, Some(profile_type)) => {
                self.check_type(caller, profile_type).await?;
                let message = format!("no profile of type {profile_type} is left");
                let refusal = Refusal::incompatible(StatusCode::PROFILE_TYPE_UNAVAILABLE, message);
                let (operator, profile_type) = (caller.to_owned(), profile_type.clone());
                (Wanted::OfType { operator, profile_type }, refusal)
            }
            // SGP.22 table 22: one of the two has to be there; no status code of its own.
            (None, None) => {
                let message = "iccid, profileType: one of the two is needed";
                return Err(Refusal::misbehaved(StatusCode::CONDITIONAL_PARAMETER_MISSING, message).into());
            }
        };
        let answer: fn(&Order) -> String = |order| as_json(&DownloadOrderOk { iccid: order.iccid });
        let reservation =
            Reservation { wanted, eid: request.eid, at: self.clock.now(), call: Some((key.clone(), answer)) };
        let order = self.store.reserve_profile(reservation).await?.ok_or(none_left)?;
        let tracer = self.of_order(&order, request.eid);
        tracer.state("profile", &ProfileState::Available, &order.state);
        tracing::info!(order = %order.id, iccid = %order.iccid, "ordered");
        Ok(DownloadOrderOk { iccid: order.iccid })
    }

    async fn check_profile(
        &self,
        caller: &str,
        iccid: Iccid,
        profile_type: Option<&str>,
    ) -> Result<(), Failure> {
        let profile = self.own_profile(caller, iccid).await?;
        if let Some(wanted) = profile_type.filter(|wanted| *wanted != profile.profile_type) {
            let message = format!("the profile {iccid} is of type {}, not {wanted}", profile.profile_type);
            return Err(Refusal::incompatible(StatusCode::PROFILE_TYPE_REFUSED, message).into());
        }
        match profile.state {
            ProfileState::Available => Ok(()),
            _ => Err(in_use(&iccid).into()),
        }
    }

    async fn check_type(&self, caller: &str, profile_type: &str) -> Result<(), Failure> {
        let inventory = self.store.type_inventory(caller.to_owned(), profile_type.to_owned()).await?;
        let (code, message) = match inventory {
            TypeInventory::Owned => return Ok(()),
            TypeInventory::NotOwned => {
                (StatusCode::PROFILE_TYPE_NOT_ALLOWED, "no profile of this type is the caller's")
            }
            TypeInventory::Unknown => (StatusCode::PROFILE_TYPE_UNKNOWN, "no profile here is of this type"),
        };
        Err(Refusal::incompatible(code, message).into())
    }
}

fn in_use(iccid: &Iccid) -> Refusal {
    Refusal::incompatible(StatusCode::ICCID_IN_USE, format!("the profile {iccid} is not available"))
}
