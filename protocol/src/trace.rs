//! One event type for every hop: HTTP message, APDU, decoded object, check, state change.
//!
//! Server, card and LPA write to the same stream; inspector, replay and reports read it. Events are correlated by
//! transactionId, EID and order. Secrets are redacted unless the trace was opened with [`Tracer::showing_secrets`].

use std::sync::Arc;

use data_encoding::HEXUPPER;
use serde::Serialize;

use crate::clock::{Clock, Timestamp};

/// Who saw what is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// The SM-DP+.
    Smdp,
    /// The SM-DS.
    Smds,
    /// The Local Profile Assistant.
    Lpa,
    /// The eUICC.
    Euicc,
    /// The operator.
    Operator,
}

/// What ties events of one download together; each member is set as soon as it is known.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize)]
pub struct Ids {
    /// The transactionId, upper-case hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// The EID, 32 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eid: Option<String>,
    /// The order, as the SM-DP+ names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

/// The outcome of one check.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The specification's demand is met.
    Passed,
    /// It is not, and the peer is told so.
    Refused,
    /// The check could not be made.
    Skipped,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// An HTTP message sent or received; addresses of this machine and transport details are left out.
    Http {
        /// `request` or `response`, seen from the protocol.
        message: &'static str,
        /// The path of the request that this message is or answers.
        path: String,
        /// The status of a response.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// The header fields that SGP.22 §6.2 gives a meaning.
        headers: Vec<(String, String)>,
        /// The body: JSON text as it is, anything else as hex.
        body: String,
    },
    /// A command APDU and its response, as hex.
    Apdu {
        /// The command.
        command: String,
        /// The response with its status word.
        response: String,
    },
    /// A data object that was decoded or made.
    Object {
        /// Its name in the specification.
        name: String,
        /// Its DER, as hex.
        der: String,
        /// Its members, one a line, indented by depth.
        members: Vec<String>,
    },
    /// A check that the specification asks for.
    Check {
        /// Where it asks, such as `SGP.22 §5.6.3`.
        section: &'static str,
        /// What was checked.
        subject: String,
        /// How it went.
        verdict: Verdict,
        /// Why it was refused or skipped.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A state that changed.
    State {
        /// Whose state: `profile`, `order`, `session` …
        subject: String,
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// A secret that was derived or used; redacted unless asked for.
    Secret {
        /// Its name in the specification, such as `S-ENC`.
        name: &'static str,
        /// `[redacted]`, or hex.
        value: String,
    },
}

/// One line of the trace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Event {
    /// When, RFC 3339.
    pub at: String,
    /// Who saw it.
    pub actor: Actor,
    /// What it belongs to.
    #[serde(flatten)]
    pub ids: Ids,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// Which data fields of an APDU and its response are secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SecretData {
    /// That of the command: a PIN.
    pub command: bool,
    /// That of the response: keys of an authentication.
    pub response: bool,
}

/// Where events go.
pub trait Sink: Send + Sync {
    /// Takes one event. A sink that fails keeps that to itself: a trace never changes what it watches.
    fn emit(&self, event: Event);
}

/// A handle on the stream; cheap to clone, and silent when there is no sink.
#[derive(Clone)]
pub struct Tracer {
    actor: Actor,
    ids: Ids,
    output: Option<Output>,
}

#[derive(Clone)]
struct Output {
    sink: Arc<dyn Sink>,
    clock: Arc<dyn Clock>,
    secrets: bool,
}

impl Tracer {
    /// A tracer that tells nobody.
    pub fn off(actor: Actor) -> Self {
        Self { actor, ids: Ids::default(), output: None }
    }

    /// A tracer that writes to `sink`, with the time of `clock`.
    pub fn new(actor: Actor, clock: Arc<dyn Clock>, sink: Arc<dyn Sink>) -> Self {
        Self { actor, ids: Ids::default(), output: Some(Output { sink, clock, secrets: false }) }
    }

    /// The same, with secrets in plain: for a laboratory that traces its own test keys.
    #[must_use]
    pub fn showing_secrets(mut self) -> Self {
        if let Some(output) = &mut self.output {
            output.secrets = true;
        }
        self
    }

    /// The same stream as seen by another actor.
    #[must_use]
    pub fn for_actor(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The same stream, events tied to a transaction.
    #[must_use]
    pub fn with_transaction(&self, transaction_id: &impl ToString) -> Self {
        let mut tracer = self.clone();
        tracer.ids.transaction_id = Some(transaction_id.to_string());
        tracer
    }

    /// The same stream, events tied to an eUICC.
    #[must_use]
    pub fn with_eid(&self, eid: &impl ToString) -> Self {
        let mut tracer = self.clone();
        tracer.ids.eid = Some(eid.to_string());
        tracer
    }

    /// The same stream, events tied to an order.
    #[must_use]
    pub fn with_order(&self, order: &impl ToString) -> Self {
        let mut tracer = self.clone();
        tracer.ids.order = Some(order.to_string());
        tracer
    }

    /// Whether anybody listens; lets a caller spare the making of an event.
    pub fn is_on(&self) -> bool {
        self.output.is_some()
    }

    /// Tells what happened.
    pub fn emit(&self, what: What) {
        if let Some(output) = &self.output {
            let at: Timestamp = output.clock.now();
            output.sink.emit(Event { at: at.to_string(), actor: self.actor, ids: self.ids.clone(), what });
        }
    }

    /// Tells of an HTTP message.
    pub fn http(
        &self,
        message: &'static str,
        path: &str,
        status: Option<u16>,
        headers: Vec<(String, String)>,
        body: &[u8],
    ) {
        if !self.is_on() {
            return;
        }
        let body = match std::str::from_utf8(body) {
            Ok(text) if !text.contains('\0') => text.to_owned(),
            _ => HEXUPPER.encode(body),
        };
        self.emit(What::Http { message, path: path.to_owned(), status, headers, body });
    }

    /// Tells of a command APDU and its response. Data fields that hold secrets are redacted unless secrets were asked for;
    /// header and status word are always told.
    pub fn apdu(&self, command: &[u8], response: &[u8], secret: SecretData) {
        let Some(output) = &self.output else { return };
        // CLA INS P1 P2 Lc; what follows is data, and Le at most.
        let (header, data) = command.split_at_checked(5).unwrap_or((command, &[]));
        let command = hex_or_redacted(data, secret.command && !output.secrets);
        let (data, status) = response.split_last_chunk::<2>().map_or((response, &[][..]), |(d, s)| (d, s));
        let response = hex_or_redacted(data, secret.response && !output.secrets);
        self.emit(What::Apdu {
            command: format!("{}{command}", HEXUPPER.encode(header)),
            response: format!("{response}{}", HEXUPPER.encode(status)),
        });
    }

    /// Tells of a data object.
    pub fn object(&self, name: &str, der: &[u8]) {
        if self.is_on() {
            let members = asn1::dump::display(der).lines().map(str::to_owned).collect();
            self.emit(What::Object { name: name.to_owned(), der: HEXUPPER.encode(der), members });
        }
    }

    /// Tells of a check that passed.
    pub fn passed(&self, section: &'static str, subject: &str) {
        if self.is_on() {
            let subject = subject.to_owned();
            self.emit(What::Check { section, subject, verdict: Verdict::Passed, reason: None });
        }
    }

    /// Tells of a check that was refused.
    pub fn refused(&self, section: &'static str, subject: &str, reason: &dyn std::fmt::Display) {
        if self.is_on() {
            let (subject, reason) = (subject.to_owned(), Some(reason.to_string()));
            self.emit(What::Check { section, subject, verdict: Verdict::Refused, reason });
        }
    }

    /// Tells of a check by its outcome and passes the outcome on.
    pub fn check<T, E: std::fmt::Display>(
        &self,
        section: &'static str,
        subject: &str,
        outcome: Result<T, E>,
    ) -> Result<T, E> {
        match &outcome {
            Ok(_) => self.passed(section, subject),
            Err(reason) => self.refused(section, subject, reason),
        }
        outcome
    }

    /// Tells of a check that was made on a certificate.
    pub fn certificate(&self, check: &certs::Check) {
        if !self.is_on() {
            return;
        }
        let (verdict, reason) = match &check.verdict {
            certs::Verdict::Passed => (Verdict::Passed, None),
            certs::Verdict::Failed(why) => (Verdict::Refused, Some(why.clone())),
            certs::Verdict::Skipped(why) => (Verdict::Skipped, Some((*why).to_owned())),
        };
        let subject = format!("{}: {}", check.certificate.certificate_name(), check.what);
        self.emit(What::Check { section: check.section, subject, verdict, reason });
    }

    /// Tells of a change of state.
    pub fn state(&self, subject: &str, from: &dyn std::fmt::Display, to: &dyn std::fmt::Display) {
        if self.is_on() {
            let (from, to) = (from.to_string(), to.to_string());
            self.emit(What::State { subject: subject.to_owned(), from, to });
        }
    }

    /// Tells that a secret came into use; its value only where secrets were asked for.
    pub fn secret(&self, name: &'static str, value: &[u8]) {
        if let Some(output) = &self.output {
            let value = hex_or_redacted(value, !output.secrets);
            self.emit(What::Secret { name, value });
        }
    }
}

fn hex_or_redacted(bytes: &[u8], redact: bool) -> String {
    if redact && !bytes.is_empty() { "[redacted]".to_owned() } else { HEXUPPER.encode(bytes) }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::clock::FixedClock;

    #[derive(Default)]
    struct Memory(Mutex<Vec<String>>);

    impl Sink for Memory {
        fn emit(&self, event: Event) {
            self.0.lock().unwrap().push(serde_json::to_string(&event).unwrap());
        }
    }

    fn tracer() -> (Tracer, Arc<Memory>) {
        let memory = Arc::new(Memory::default());
        let clock = Arc::new(FixedClock(Timestamp::from_unix_seconds(0)));
        (Tracer::new(Actor::Smdp, clock, memory.clone()), memory)
    }

    #[test]
    fn a_secret_is_redacted_unless_asked_for() {
        let (tracer, memory) = tracer();
        tracer.secret("S-ENC", &[0xAB; 16]);
        tracer.showing_secrets().secret("S-ENC", &[0xAB; 16]);
        let lines = memory.0.lock().unwrap();
        assert!(lines[0].contains("[redacted]") && !lines[0].contains("ABAB"));
        assert!(lines[1].contains("ABAB"));
    }

    #[test]
    fn an_event_carries_time_actor_and_ids() {
        let (tracer, memory) = tracer();
        tracer.with_transaction(&"0A").with_eid(&"89").passed("SGP.22 §5.6.1", "SVN");
        assert_eq!(
            memory.0.lock().unwrap()[0],
            r#"{"at":"1970-01-01T00:00:00.000Z","actor":"smdp","transaction_id":"0A","eid":"89","kind":"check","section":"SGP.22 §5.6.1","subject":"SVN","verdict":"passed"}"#
        );
    }
}
