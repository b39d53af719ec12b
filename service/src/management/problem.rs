//! What the API answers when it does not do what it was asked to: problem details (RFC 9457).

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::{Ref, RefOr, Response as Documented, ResponseBuilder, content::ContentBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::database::StoreError;

const MEDIA_TYPE: &str = "application/problem+json";

/// Why nothing was done (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// The HTTP status in words.
    #[schema(value_type = String, example = "Bad Request")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 400)]
    status: u16,
    /// What is wrong, for a human.
    #[schema(value_type = String, example = "an EID has 32 digits, not 31")]
    detail: Cow<'static, str>,
    /// Which member of the body, parameter or element of the path is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "eid")]
    field: Option<String>,
    #[serde(skip)]
    store_failed: bool,
}

/// Marks an answer that the store is to blame for.
#[derive(Clone, Copy)]
pub struct StoreFailed;

impl Problem {
    /// An answer of this status; `detail` says what is wrong, for a human.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: detail.into(),
            field: None,
            store_failed: false,
        }
    }

    /// The caller wrote something wrong, in this member, parameter or element of the path.
    pub fn bad(field: impl Into<String>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field.into()), ..Self::new(StatusCode::BAD_REQUEST, detail) }
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// The state of things does not allow it.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::conflict("others are changing the same record; try again"),
            StoreError::Taken(what) => Self::conflict(format!("{what} is there already")),
            StoreError::Storage(error) => {
                // What exactly stays in our log.
                tracing::error!(error, "the store failed");
                let detail = "the store does not do what it is asked to; the log says why";
                Self { store_failed: true, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Texts and numbers: nothing in it can fail to be written.
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if self.store_failed {
            response.extensions_mut().insert(StoreFailed);
        }
        response
    }
}

/// Documents the answers of a status.
macro_rules! documented {
    ($($(#[$what:meta])* $name:ident = $(($status:literal, $description:literal)),+;)*) => {
        $(
            $(#[$what])*
            pub struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Documented>> {
                    BTreeMap::from([$(($status.to_owned(), RefOr::T(problem($description)))),+])
                }
            }
        )*
    };
}

documented! {
    /// What every function that is guarded may answer.
    Always =
        ("401", "The token is missing or wrong."),
        ("403", "A page of another origin, or another name than localhost, and no token is configured."),
        ("503", "The store does not answer.");
    /// What a function may answer that reads something.
    BadInput = ("400", "Something in the request is wrong; `field` names it.");
    /// What a function may answer that takes a body.
    Unreadable = ("413", "The body has more than 2 MiB."), ("415", "The body is not said to be JSON.");
    /// What a function may answer that looks for one thing.
    NotFound = ("404", "There is no such thing.");
    /// What a function may answer that changes something.
    Conflict = ("409", "The state of things does not allow it.");
}

fn problem(description: &str) -> Documented {
    let schema = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build()
}
