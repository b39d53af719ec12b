//! The interfaces between servers: who calls, and what is known there of orders, events and reports.

use certs::{Certificate, Oid, eid, oid};
use data_encoding::HEXUPPER;
use rand_core::Rng;
use wire::transport::{Transport, TransportError};

use super::{Player, StepError};
use crate::pki::{PkiError, TlsChain};
use crate::server::call::{Caller, Named};
use crate::server::message::{Function, Message};
use crate::server::orders::Order;
use crate::server::target::{Callers, CallersError, Operator, Report};

/// Who calls without an object identifier in a certificate calls itself so: the SM-DP+ of the published test certificates
/// (SGP.26).
const NOBODY: &str = "2.999.10";

/// What the case knows besides its eUICC and its session.
#[derive(Default)]
pub struct Between {
    /// Why the last call was not answered, where TLS was to fail over the certificate of its caller.
    pub turned_away: Option<String>,
    /// The ICCID that DownloadOrder gave last, as it was written.
    pub iccid: Option<String>,
    /// The orders before the last one, the last of them at the end.
    pub orders_before: Vec<Order>,
    /// Every event that was registered, in order.
    pub events: Vec<Event>,
    /// Every report that was waited for.
    pub reports: Vec<Report>,
    caller: Option<Caller>,
    ways: Vec<Way>,
    other_eid: Option<String>,
}

/// How somebody reaches the port for callers.
struct Way {
    caller: Caller,
    transport: Transport,
    /// The object identifier in the certificate that is shown there.
    oid: Option<String>,
}

/// An event that an SM-DS has taken.
#[derive(Clone, Debug)]
pub struct Event {
    /// How it is named.
    pub named: Named,
    /// Who registered it.
    pub caller: Caller,
    /// Whether it was deleted.
    pub deleted: bool,
}

impl From<CallersError> for StepError {
    fn from(error: CallersError) -> Self {
        match error {
            CallersError::Pki(error @ PkiError::NoKey { .. }) => Self::NotOffered(error.to_string()),
            other => Self::Way(other),
        }
    }
}

impl<'t> Player<'t> {
    /// Who calls from here on.
    pub(super) fn called_by(&mut self, caller: Caller) {
        self.between.caller = Some(caller);
        self.between.turned_away = None;
    }

    pub(super) fn caller(&self) -> Caller {
        self.between.caller.unwrap_or(Caller::Usual)
    }

    /// A caller that is to be turned away was, if the connection ended over its certificate.
    pub(super) fn notice_turned_away(&mut self, played: Result<(), StepError>) -> Result<(), StepError> {
        match played {
            Err(StepError::Transport(
                error @ (TransportError::Tls { .. } | TransportError::Broken { .. }),
            )) if self.caller().is_to_be_turned_away() => {
                self.between.turned_away = Some(error.to_string());
                Ok(())
            }
            other => other,
        }
    }

    /// Gives a call the header of SGP.22 §6.5.1.3, with a name that no other call has.
    ///
    /// # Errors
    /// [`StepError::NotOffered`]: the one who is to call cannot.
    pub(super) fn named(&mut self, message: Message) -> Result<Message, StepError> {
        let requester = match message.function {
            Function::Es12(_) => self.way(message.function)?.oid.clone(),
            _ => self.calling_operator().map(|operator| operator.requester.clone()),
        };
        let header = Some((requester.unwrap_or_else(|| NOBODY.to_owned()), self.text_of_its_own()));
        Ok(Message { header, ..message })
    }

    fn calling_operator(&self) -> Option<&'t Operator> {
        match self.caller() {
            Caller::Other => self.target.other_operator.as_ref(),
            _ => self.target.operator.as_ref(),
        }
    }

    /// A text that nobody has used: sixteen hexadecimal digits.
    pub(super) fn text_of_its_own(&mut self) -> String {
        let mut bytes = [0; 8];
        self.rng.fill_bytes(&mut bytes);
        HEXUPPER.encode(&bytes)
    }

    /// The EID of another eUICC, the same throughout the case.
    pub(super) fn other_eid(&mut self) -> String {
        if let Some(eid) = &self.between.other_eid {
            return eid.clone();
        }
        let own = self.euicc.eid();
        let issuer = own.get(..8).unwrap_or_default();
        let other = eid::numbered(issuer, u128::from(self.rng.next_u64()));
        let other = other.map_or_else(|_| own.clone(), |other| eid::to_digits(&other));
        self.between.other_eid = Some(other.clone());
        other
    }

    /// How the one who calls reaches the port for callers.
    pub(super) fn transport_between(&mut self, function: Function) -> Result<Transport, StepError> {
        self.way(function).map(|way| way.transport.clone())
    }

    fn way(&mut self, function: Function) -> Result<&Way, StepError> {
        let caller = self.caller();
        let known = self.between.ways.iter().position(|way| way.caller == caller);
        let place = match known {
            Some(place) => place,
            None => {
                let (transport, oid) = match function {
                    Function::Es12(_) => self.way_to_es12(caller)?,
                    _ => (self.way_to_es2plus(caller)?, None),
                };
                self.between.ways.push(Way { caller, transport, oid });
                self.between.ways.len() - 1
            }
        };
        self.between.ways.get(place).ok_or_else(|| StepError::NotOffered("nobody can call".to_owned()))
    }

    fn way_to_es2plus(&mut self, caller: Caller) -> Result<Transport, StepError> {
        let transport = |operator: Option<&Operator>, missing: &str| {
            operator
                .map(|known| known.transport.clone())
                .ok_or_else(|| StepError::NotOffered(missing.to_owned()))
        };
        let usual = || transport(self.target.operator.as_ref(), "no access to ES2+ was given");
        match caller {
            Caller::Usual => usual(),
            Caller::Other => transport(self.target.other_operator.as_ref(), "no second operator was given"),
            Caller::Smds => Err(StepError::NotOffered("no SM-DS calls ES2+".to_owned())),
            Caller::Nobody => Ok(self.port("ES2+")?.shown(None)?),
            Caller::Stranger => {
                let port = self.port("ES2+")?;
                Ok(port.shown(Some(&port.unknown_operator(&mut self.rng)?))?)
            }
            Caller::Wrong(defect) => {
                let port = self.port("ES2+")?;
                let requester = self.target.operator.as_ref().map(|operator| operator.requester.as_str());
                let oid = oid::parse(requester.unwrap_or_default()).map_err(|_| {
                    StepError::NotOffered(
                        "the requester is no object identifier that others could claim".to_owned(),
                    )
                })?;
                Ok(port.shown(Some(&port.bad_operator(&oid, defect, &mut self.rng)?))?)
            }
        }
    }

    /// The way, and the object identifier in the certificate that is shown: SGP.22 §6.5.1.3 has the caller name it again.
    fn way_to_es12(&mut self, caller: Caller) -> Result<(Transport, Option<String>), StepError> {
        let port = self.port("ES12")?;
        // SGP.22 §5.10: the Root is the provider of ES15.
        if caller == Caller::Smds && self.target.is_alternative {
            return Err(StepError::NotOffered("an Alternative SM-DS does not offer ES15".to_owned()));
        }
        let rng = &mut self.rng;
        let chain = match caller {
            Caller::Usual => port.smdp(rng)?,
            Caller::Other => port.other_smdp(rng)?,
            Caller::Smds => port.smds(rng)?,
            Caller::Nobody => return Ok((port.shown(None)?, None)),
            Caller::Stranger => port.unknown_operator(rng)?,
            Caller::Wrong(defect) => port.bad_smdp(defect, rng)?,
        };
        Ok((port.shown(Some(&chain))?, oid_of(&chain)))
    }

    fn port(&self, interface: &str) -> Result<&'t Callers, StepError> {
        let missing = || StepError::NotOffered(format!("no access to {interface} was given"));
        self.target.callers.as_ref().ok_or_else(missing)
    }
}

/// The first object identifier in a certificate that can be read.
fn oid_of(shown: &TlsChain) -> Option<String> {
    let certificate = Certificate::from_der(shown.chain.first()?).ok()?;
    certificate.registered_ids().first().map(Oid::to_string)
}
