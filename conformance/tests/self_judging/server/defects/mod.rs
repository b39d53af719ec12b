//! What may be wrong with a server: one thing, named by what the server does.
//!
//! A defect stands between the judge and a good server and spoils what passes. To the judge it is a server like any other.

mod made_up;
mod rows;
mod spoil;
mod table;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use serde_json::{Map, Value};
use wire::server::Received;

pub use table::defects_of;

/// One thing that is wrong with a server.
pub struct Defect {
    /// What the server does, in words.
    pub name: String,
    /// The end of the path at which it does it; all paths where it is empty.
    pub at: &'static str,
    pub kind: Kind,
    calls: AtomicUsize,
    first: Mutex<Option<Value>>,
    heard: Mutex<Vec<Value>>,
}

/// How it is wrong.
pub enum Kind {
    /// Executes what it should refuse.
    Grants,
    /// Refuses what it should execute: the call with this number at the path, from 1.
    Refuses(usize),
    /// Refuses with 1.2/4.2 whatever it refuses.
    SaysOtherwise,
    /// Asks no caller for a certificate, and takes each for the one that it knows.
    LetsEverybodyIn,
    /// Takes the body of a request for another one; of a report, sends another one.
    Mistakes(fn(Vec<u8>) -> Vec<u8>),
    /// Spoils an answer, of which the JSON body is an object.
    Json(fn(&mut Map<String, Value>)),
    /// The same for the call with this number at the path, given the answer to the first one.
    JsonOf(usize, fn(&mut Map<String, Value>, &Map<String, Value>)),
    /// The same, given the bodies of all requests so far, whatever they called.
    JsonKnowing(fn(&mut Map<String, Value>, &[Value])),
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
            heard: Mutex::default(),
        }
    }

    fn concerns(&self, path: &str) -> bool {
        // In the ASN.1 binding all functions have one path; of these two kinds is what can be wrong there.
        let is_of_asn1 =
            matches!(self.kind, Kind::Grants | Kind::Mistakes(_)) && !self.at.contains("es2plus");
        path.ends_with(self.at) || path.ends_with("/asn1") && is_of_asn1
    }

    /// What becomes of a request; an answer, where the server is not even asked.
    pub fn before(&self, mut request: Request<Received>) -> Result<Request<Received>, Box<Response<Bytes>>> {
        let body = request.body().as_ref().ok().and_then(|body| serde_json::from_slice(body).ok());
        self.heard.lock().unwrap().extend(body);
        if !self.concerns(request.uri().path()) {
            return Ok(request);
        }
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        match self.kind {
            Kind::Refuses(which) if which == number => Err(Box::new(made_up::refusal(request.uri().path()))),
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

    /// What becomes of an answer.
    pub fn after(&self, path: &str, response: Response<Bytes>) -> Response<Bytes> {
        if !self.concerns(path) {
            return response;
        }
        match &self.kind {
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
                let heard = self.heard.lock().unwrap();
                json(response, |members| spoil(members, &heard))
            }
            Kind::Whole(spoil) => spoil(response),
            _ => response,
        }
    }
}

fn json(response: Response<Bytes>, change: impl FnOnce(&mut Map<String, Value>)) -> Response<Bytes> {
    response.map(|body| match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(mut members)) => {
            change(&mut members);
            Value::Object(members).to_string().into()
        }
        _ => body,
    })
}
