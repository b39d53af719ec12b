//! One call over HTTP, in JSON.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use protocol::es9plus::Function;
use protocol::types::ServerAddress;
use rustls::ClientConfig;
use serde_json::{Map, Value, json};
use wire::header::{MediaType, X_ADMIN_PROTOCOL};
use wire::transport::{Bounds, Reply, Transport};

use super::trust;
use crate::lpa::defects::Defect;
use crate::lpa::lab::Lab;

/// It goes no further.
#[derive(Debug)]
pub struct Stop;

/// Reaches servers.
#[derive(Clone)]
pub struct Http {
    tls: Arc<ClientConfig>,
    ip: std::net::IpAddr,
    defect: Defect,
}

/// The members of a good answer.
pub struct Answer(Map<String, Value>, bool);

impl Answer {
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn text(&self, name: &str) -> Result<String, Stop> {
        self.value(name).and_then(Value::as_str).map(str::to_owned).ok_or(Stop)
    }

    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, Stop> {
        let text = self.text(name)?;
        let text = if self.1 { text } else { text.split_ascii_whitespace().collect() };
        BASE64.decode(text.as_bytes()).map_err(|_| Stop)
    }
}

impl Http {
    pub fn new(lab: &Lab, defect: Defect) -> Self {
        let tls = match defect {
            Defect::TrustsAnybody => trust::anybody(),
            Defect::OffersStrongCiphersOnly => trust::strong_ciphers(&lab.roots()),
            _ => lab.tls(),
        };
        Self { tls, ip: lab.stage.addresses.ip, defect }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defect == defect
    }

    /// Calls a function and gives what a successful answer holds.
    pub async fn call(
        &self,
        address: &str,
        function: Function,
        members: &[(&str, Value)],
    ) -> Result<Answer, Stop> {
        let reply = self.post(address, function, members).await?;
        self.read(&reply)
    }

    /// Calls HandleNotification; whether it was acknowledged.
    pub async fn notify(&self, address: &str, notification: &[u8]) -> bool {
        let members = [("pendingNotification", json!(BASE64.encode(notification)))];
        let reply = self.post(address, Function::HandleNotification, &members).await;
        reply.is_ok_and(|reply| reply.status.is_success())
    }

    pub async fn post(
        &self,
        address: &str,
        function: Function,
        members: &[(&str, Value)],
    ) -> Result<Reply, Stop> {
        let path = match self.has(Defect::MisspellsPaths) && function == Function::HandleNotification {
            true => "/gsma/rsp2/es9plus/HandleNotification",
            false => function.json_path(),
        };
        let address: ServerAddress = address.parse().map_err(|_| Stop)?;
        let body = self.body(members);
        let attempts = if self.has(Defect::DoesNotWait) { 3 } else { 1 };
        let mut reply = Err(Stop);
        for _ in 0..attempts {
            reply =
                self.transport(&address).post(path, &self.headers(), body.clone()).await.map_err(|_| Stop);
            if reply.as_ref().is_ok_and(|reply| reply.status != StatusCode::SERVICE_UNAVAILABLE) {
                break;
            }
        }
        let reply = reply?;
        let location = reply.headers.get(LOCATION).and_then(|location| location.to_str().ok());
        match location.and_then(|location| location.strip_prefix("http://")) {
            Some(to) if self.has(Defect::FollowsAnywhere) => self.follow(to, body).await,
            _ => Ok(reply),
        }
    }

    async fn follow(&self, to: &str, body: Bytes) -> Result<Reply, Stop> {
        let (address, path) = to.split_once('/').ok_or(Stop)?;
        let address: ServerAddress = address.parse().map_err(|_| Stop)?;
        let route = self.route(&address);
        let plain = Transport::plain(address).with_route(route);
        plain.post(&format!("/{path}"), &self.headers(), body).await.map_err(|_| Stop)
    }

    fn transport(&self, address: &ServerAddress) -> Transport {
        let time =
            if self.has(Defect::LosesPatience) { Duration::from_secs(1) } else { Bounds::default().time };
        let bounds = Bounds { time, ..Bounds::default() };
        Transport::new(address.clone(), self.tls.clone()).with_route(self.route(address)).with_bounds(bounds)
    }

    fn route(&self, address: &ServerAddress) -> wire::transport::Route {
        wire::transport::Route { host: address.host().to_owned(), to: (self.ip, address.port()).into() }
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = Transport::lpa_headers(MediaType::Json);
        match self.defect {
            Defect::CallsItselfCurl => {
                headers.insert(USER_AGENT, HeaderValue::from_static("curl/8.5.0"));
            }
            Defect::SaysNoVersion => {
                headers.insert(X_ADMIN_PROTOCOL, HeaderValue::from_static("gsma/rsp"));
            }
            Defect::SaysPlainText => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            }
            _ => {}
        }
        headers
    }

    fn body(&self, members: &[(&str, Value)]) -> Bytes {
        let mut object: Map<String, Value> =
            members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        match self.defect {
            Defect::SendsHeader => {
                let header = json!({ "functionRequesterIdentifier": "1.2", "functionCallIdentifier": "1" });
                object.insert("header".to_owned(), header);
            }
            Defect::SendsNumbers => {
                object.entry("transactionId").and_modify(|id| *id = json!(17));
            }
            Defect::WritesLowerCase => {
                object
                    .entry("transactionId")
                    .and_modify(|id| *id = json!(id.as_str().unwrap().to_lowercase()));
            }
            Defect::LeavesOutPadding => {
                for value in object.values_mut() {
                    *value = json!(value.as_str().unwrap().trim_end_matches('='));
                }
            }
            _ => {}
        }
        let text = Value::Object(object).to_string();
        Bytes::from(if self.has(Defect::EscapesSolidus) { text.replace('/', r"\/") } else { text })
    }

    /// SGP.22 §6.5.1.2, §6.5.1.4.
    fn read(&self, reply: &Reply) -> Result<Answer, Stop> {
        if reply.status != StatusCode::OK
            || self.has(Defect::WantsContentLength) && !reply.headers.contains_key(CONTENT_LENGTH)
        {
            return Err(Stop);
        }
        let object: Map<String, Value> = serde_json::from_slice(&reply.body).map_err(|_| Stop)?;
        let known = |name: &String| !name.starts_with("rspExtension");
        if self.has(Defect::WantsKnownMembers) && !object.keys().all(known) {
            return Err(Stop);
        }
        let status = object.get("header").ok_or(Stop)?["functionExecutionStatus"]["status"].as_str();
        match status {
            Some("Executed-Success") => {}
            Some("Executed-WithWarning") if !self.has(Defect::WantsSuccessAlone) => {}
            _ => return Err(Stop),
        }
        Ok(Answer(object, self.has(Defect::WantsStrictBase64)))
    }
}
