//! What an LPA did, as the judge saw it: nothing else decides a case.

use std::time::Duration;

use asn1::{CancelSessionReason, DeviceInfo, ErrorResult};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use protocol::es9plus::Function;
use rustls::{CipherSuite, SignatureScheme};
use wire::es9plus::Binding;

use super::driver::Ended;
use super::situation::Server;

/// The whole of one case.
#[derive(Debug, Default)]
pub struct Log {
    /// TLS connections that were begun.
    pub hellos: Vec<Hello>,
    /// HTTP requests, in the order in which they came.
    pub calls: Vec<Call>,
    /// How each act ended, in order.
    pub acts: Vec<Ended>,
}

/// The beginning of a TLS handshake.
#[derive(Clone, Debug)]
pub struct Hello {
    /// With whom.
    pub server: Server,
    /// During which act, from 0.
    pub act: usize,
    /// What the LPA can encrypt with.
    pub cipher_suites: Vec<CipherSuite>,
    /// What the LPA can verify.
    pub signature_schemes: Vec<SignatureScheme>,
}

/// One HTTP request.
#[derive(Clone, Debug)]
pub struct Call {
    /// To whom.
    pub server: Server,
    /// During which act, from 0.
    pub act: usize,
    /// When it was there, from the beginning of the case.
    pub at: Duration,
    /// When its answer left.
    pub answered: Option<Duration>,
    /// `POST`, hopefully.
    pub method: Method,
    /// The path, without a query.
    pub path: String,
    /// Every header field.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
    /// The function and the binding, where path and body name one.
    pub called: Option<(Function, Binding)>,
    /// What it means, where that much could be read.
    pub said: Option<Said>,
    /// The status of the answer.
    pub status: Option<StatusCode>,
    /// Whether one of the situation's deeds fell to it.
    pub twisted: bool,
    /// Whether it delivers something that the card kept from before this case: not judged.
    pub left_over: bool,
}

/// What a request means.
#[derive(Clone, Debug)]
pub enum Said {
    /// InitiateAuthentication.
    Opens {
        /// smdpAddress.
        address: String,
        /// euiccChallenge.
        challenge: [u8; 16],
    },
    /// AuthenticateClient; without facts where the eUICC refused the server, or could not be believed.
    Authenticates(Result<Client, String>),
    /// GetBoundProfilePackage.
    Prepares {
        /// Whether the hash of the confirmation code is there and right.
        code: ConfirmationCodeHash,
        /// Whether the eUICC signed it.
        verified: Result<(), String>,
    },
    /// CancelSession.
    Cancels(Result<CancelSessionReason, String>),
    /// HandleNotification.
    Notifies(Notice),
}

/// What an eUICC and the device say of themselves.
#[derive(Clone, Debug)]
pub struct Client {
    /// matchingId as it stands there; `None` where it is absent.
    pub matching_id: Option<String>,
    /// deviceInfo.
    pub device_info: DeviceInfo,
}

/// hashCc in euiccSigned2.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConfirmationCodeHash {
    /// Not there.
    Absent,
    /// SHA-256(SHA-256(code) ‖ transactionId).
    Right,
    /// Something else.
    Wrong,
}

/// A notification.
#[derive(Clone, Debug)]
pub struct Notice {
    /// seqNumber.
    pub sequence: u64,
    /// notificationAddress.
    pub address: String,
    /// What an installation came to; `None` for a notification of another kind.
    pub result: Option<Result<(), ErrorResult>>,
    /// Whether the eUICC signed it.
    pub verified: Result<(), String>,
    /// The TLV as it came.
    pub bytes: Vec<u8>,
}

impl Call {
    /// The function.
    pub fn function(&self) -> Option<Function> {
        self.called.map(|(function, _)| function)
    }

    /// Whether it is this one.
    pub fn is(&self, function: Function) -> bool {
        self.function() == Some(function)
    }

    /// The notification that it delivers.
    pub fn notice(&self) -> Option<&Notice> {
        match &self.said {
            Some(Said::Notifies(notice)) => Some(notice),
            _ => None,
        }
    }

    /// What the eUICC and the device said of themselves in it.
    pub fn client(&self) -> Option<&Client> {
        match &self.said {
            Some(Said::Authenticates(Ok(client))) => Some(client),
            _ => None,
        }
    }

    /// `initiateAuthentication`, or the path where it is none of ours.
    pub fn name(&self) -> String {
        match self.function() {
            Some(function) => function.name().to_owned(),
            None => format!("{} {}", self.method, self.path),
        }
    }
}

impl Log {
    /// The calls of a function, wherever they went.
    pub fn of(&self, function: Function) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.is(function))
    }

    /// The calls to one server.
    pub fn to(&self, server: Server) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.server == server)
    }

    /// The notifications, with the server they went to.
    pub fn notices(&self) -> impl Iterator<Item = (&Call, &Notice)> {
        self.calls.iter().filter_map(|call| Some((call, call.notice()?)))
    }

    /// What was called, in order, for a human.
    pub fn summary(&self) -> String {
        if self.calls.is_empty() && self.hellos.is_empty() {
            return "the LPA did not come".to_owned();
        }
        if self.calls.is_empty() {
            return format!("no request in {} TLS connections", self.hellos.len());
        }
        let calls: Vec<_> =
            self.calls.iter().map(|call| format!("{} to {}", call.name(), call.server)).collect();
        calls.join(", ")
    }
}
