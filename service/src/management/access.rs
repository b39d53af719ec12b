//! Who may use the API.
//!
//! Without a token, whoever reaches the port may. On a loopback address that is whoever is on this machine, and so every
//! page that a browser on it shows. A browser says which page asks (`Origin`) and which name it looked up (`Host`): a page
//! of somebody else changes nothing, and a name that somebody else has pointed at this machine (DNS rebinding) gets no
//! answer at all.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::problem::Problem;

/// Who may use the API.
#[derive(Clone, Debug)]
pub struct Access {
    token: Option<Token>,
}

impl Access {
    /// Whoever reaches the port: for a loopback address.
    pub fn open() -> Self {
        Self { token: None }
    }

    /// Whoever has the token.
    pub fn with_token(token: Token) -> Self {
        Self { token: Some(token) }
    }

    fn check(&self, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
        match &self.token {
            // A browser adds no token by itself, so a page that sends it was given it.
            Some(token) => check_token(token, headers),
            None => check_browser(method, headers),
        }
    }
}

/// The bearer token that a caller presents (RFC 6750). Only its hash is kept.
#[derive(Clone)]
pub struct Token([u8; 32]);

/// A text is no token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a token is not empty and holds only letters, digits and -._~+/=")]
pub struct TokenError;

impl Token {
    /// The token that this text is.
    ///
    /// # Errors
    /// Where no header field could carry it.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if text.is_empty() || !text.bytes().all(fits) {
            return Err(TokenError);
        }
        Ok(Self(crypto::digest::sha256(text.as_bytes())))
    }

    /// Takes the same time for every text of a length.
    fn is(&self, text: &[u8]) -> bool {
        self.0.ct_eq(&crypto::digest::sha256(text)).into()
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        Self::new(text)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token([redacted])")
    }
}

/// Lets a request through, or refuses it.
pub async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    match access.check(request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => {
            let mut response = problem.into_response();
            if response.status() == StatusCode::UNAUTHORIZED {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            response
        }
    }
}

fn check_token(token: &Token, headers: &HeaderMap) -> Result<(), Problem> {
    let refused = |detail| Err(Problem::new(StatusCode::UNAUTHORIZED, detail));
    let Some(given) = headers.get(AUTHORIZATION) else {
        return refused("a token is needed: Authorization: Bearer …");
    };
    match given.as_bytes().split_at_checked(7) {
        Some((scheme, given)) if scheme.eq_ignore_ascii_case(b"Bearer ") && token.is(given) => Ok(()),
        _ => refused("this is not the token"),
    }
}

fn check_browser(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let forbidden = |detail: &'static str| Err(Problem::new(StatusCode::FORBIDDEN, detail));
    let hosts = headers.get_all(HOST).iter().map(|host| host.to_str().unwrap_or_default());
    let hosts: Vec<&str> = hosts.collect();
    if !hosts.iter().all(|host| is_of_this_machine(host)) {
        return forbidden("Host: without a token, this port answers to localhost and to addresses only");
    }
    let host = hosts.first().copied().unwrap_or_default();
    let of_another_page = headers.get_all(ORIGIN).iter().any(|origin| !is_same(origin, host));
    if of_another_page && !method.is_safe() {
        return forbidden("Origin: without a token, a page of another origin changes nothing");
    }
    Ok(())
}

/// A name has to be looked up, and who answers may be somebody else; an address is what it is.
fn is_of_this_machine(host: &str) -> bool {
    let Ok(authority) = Authority::from_str(host) else { return false };
    let name = authority.host();
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    address.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost")
}

fn is_same(origin: &HeaderValue, host: &str) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}
