//! What may be wrong with a server: one thing, named by what the server does.
//!
//! A defect stands between the judge and a good server and spoils what passes. To the judge it is a server like any other.

mod asn1;
mod beliefs;
mod made_up;
mod rows;
mod spoil;
mod table;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use serde_json::{Map, Value};
use wire::server::Received;

use spoil::Members;
pub use table::{defects_in_asn1, defects_of};

/// One thing that is wrong with a server.
pub struct Defect {
    /// What the server does, in words.
    pub name: String,
    /// The end of the path at which it does it, in the JSON binding; all paths where it is empty.
    pub at: &'static str,
    pub kind: Kind,
    calls: AtomicUsize,
    first: Mutex<Option<Value>>,
    known: Mutex<Known>,
    has_refused: AtomicBool,
}

/// What went by so far, at all paths, of what is JSON.
#[derive(Default)]
pub struct Known {
    pub requests: Vec<Value>,
    pub answers: Vec<Value>,
}

impl Known {
    /// A member of the last request that has it.
    pub fn requested(&self, member: &str) -> Option<&Value> {
        self.requests.iter().rev().find_map(|body| body.get(member))
    }

    /// A member of the last answer that has it.
    pub fn answered(&self, member: &str) -> Option<&Value> {
        self.answers.iter().rev().find_map(|body| body.get(member))
    }
}

/// How it is wrong.
pub enum Kind {
    /// Executes what it should refuse.
    Grants,
    /// Refuses what it should execute: the call with this number at the path, from 1.
    Refuses(usize),
    /// Refuses with 1.2/4.2 whatever it refuses.
    SaysOtherwise,
    /// Refuses everything from the moment on at which it has refused something, and had to.
    RefusesAfterARefusal,
    /// Believes what it should not: takes a request for the good one that it pretends to be, knowing what went by before. A
    /// request that does not pretend is taken as it is.
    Believes(fn(&mut Members, &Known)),
    /// Takes another operator for the one whose profile it is.
    TakesForTheOwner,
    /// Asks no caller for a certificate, and takes each for the one that it knows.
    LetsEverybodyIn,
    /// Takes the body of a request for another one; of a report, sends another one.
    Mistakes(fn(Vec<u8>) -> Vec<u8>),
    /// Spoils an answer, of which the JSON body is an object.
    Json(fn(&mut Map<String, Value>)),
    /// The same for the call with this number at the path, given the answer to the first one.
    JsonOf(usize, fn(&mut Map<String, Value>, &Map<String, Value>)),
    /// The same, knowing what went by before.
    JsonKnowing(fn(&mut Map<String, Value>, &Known)),
    /// Sends a report with other header fields.
    Heads(fn(&mut HeaderMap)),
    /// Sends another report before a report.
    ReportsBefore(fn(Vec<u8>) -> Vec<u8>),
    /// Spoils an answer as a whole.
    Whole(fn(Response<Bytes>) -> Response<Bytes>),
}

impl Defect {
    pub fn new(name: impl Into<String>, at: &'static str, kind: Kind) -> Self {
        Self {
            name: name.into(),
            at,
            kind,
            calls: AtomicUsize::new(0),
            first: Mutex::default(),
            known: Mutex::default(),
            has_refused: AtomicBool::new(false),
        }
    }

    /// Whether a request is one at which something is wrong.
    pub fn concerns(&self, request: &Request<Received>) -> bool {
        // In the ASN.1 binding all functions have one path; of these kinds is what can be wrong there.
        let is_of_asn1 = matches!(self.kind, Kind::Grants | Kind::Mistakes(_) | Kind::SaysOtherwise);
        let (path, body) = (request.uri().path(), request.body().as_ref());
        path.ends_with(self.at)
            || is_of_asn1 && path.ends_with("/asn1") && body.is_ok_and(|body| asn1::calls(body, self.at))
    }

    /// What becomes of a request; an answer, where the server is not even asked.
    pub fn before(&self, mut request: Request<Received>) -> Result<Request<Received>, Box<Response<Bytes>>> {
        let concerns = self.concerns(&request);
        let mut known = self.known.lock().unwrap();
        if let (true, Kind::Believes(change)) = (concerns, &self.kind) {
            request = request.map(|body| body.map(|body| json_body(body, |members| change(members, &known))));
        }
        let body = request.body().as_ref().ok().and_then(|body| serde_json::from_slice(body).ok());
        known.requests.extend(body);
        drop(known);
        if !concerns {
            return Ok(request);
        }
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        match self.kind {
            Kind::Refuses(which) if which == number => Err(Box::new(made_up::refusal(request.uri().path()))),
            Kind::RefusesAfterARefusal if self.has_refused.load(Ordering::SeqCst) => {
                Err(Box::new(made_up::refusal(request.uri().path())))
            }
            Kind::Mistakes(otherwise) => {
                Ok(request.map(|body| body.map(|body| otherwise(body.to_vec()).into())))
            }
            Kind::Heads(change) => {
                change(request.headers_mut());
                Ok(request)
            }
            _ => Ok(request),
        }
    }

    /// What becomes of the answer to a request that concerns it or not.
    pub fn after(&self, concerns: bool, path: &str, response: Response<Bytes>) -> Response<Bytes> {
        self.known.lock().unwrap().answers.extend(serde_json::from_slice::<Value>(response.body()).ok());
        if !concerns {
            return response;
        }
        match &self.kind {
            Kind::Grants if path.ends_with("/asn1") => asn1::success(self.at, response),
            Kind::SaysOtherwise if path.ends_with("/asn1") => asn1::refused_otherwise(response),
            Kind::RefusesAfterARefusal if made_up::is_refusal(&response) => {
                self.has_refused.store(true, Ordering::SeqCst);
                response
            }
            Kind::Grants if made_up::is_refusal(&response) => made_up::success(path),
            Kind::SaysOtherwise if made_up::is_refusal(&response) => made_up::refusal(path),
            Kind::Json(spoil) => json(response, spoil),
            Kind::JsonOf(which, spoil) => {
                let number = self.calls.load(Ordering::SeqCst);
                json(response, |members| {
                    let mut first = self.first.lock().unwrap();
                    match first.get_or_insert_with(|| Value::Object(members.clone())) {
                        Value::Object(first) if number == *which => spoil(members, first),
                        _ => {}
                    }
                })
            }
            Kind::JsonKnowing(spoil) => {
                let known = self.known.lock().unwrap();
                json(response, |members| spoil(members, &known))
            }
            Kind::Whole(spoil) => spoil(response),
            _ => response,
        }
    }
}

fn json(response: Response<Bytes>, change: impl FnOnce(&mut Map<String, Value>)) -> Response<Bytes> {
    response.map(|body| json_body(body, change))
}

fn json_body(body: Bytes, change: impl FnOnce(&mut Members)) -> Bytes {
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(mut members)) => {
            change(&mut members);
            Value::Object(members).to_string().into()
        }
        _ => body,
    }
}
