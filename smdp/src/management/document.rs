//! `/openapi.json`.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, OpenApi};

use super::Api;
use super::problem::Problem;

/// What the functions do not say of themselves.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "SM-DP+ management",
        description = "Look at and change what an SM-DP+ has: profiles, orders, sessions, notifications, events. \
                       Errors are problem details (RFC 9457). Lists are in the order of their numbers; where `next` is \
                       not null, there may be more: give it as `after`. Moments are written as in RFC 3339."
    ),
    components(schemas(Problem)),
    tags(
        (name = "operation", description = "Whether the process is well, and what it has counted"),
        (name = "profiles", description = "The inventory"),
        (name = "orders", description = "Download orders"),
        (name = "history", description = "Sessions, notifications and events"),
        (name = "operators", description = "Who orders here over ES2+"),
    )
)]
struct Beginning;

/// The document before the functions are added.
pub(super) fn beginning() -> OpenApi {
    let mut document = Beginning::openapi();
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Where a token is configured"))
        .build();
    let components = document.components.take().unwrap_or_default();
    let components =
        ComponentsBuilder::from(components).security_scheme("token", SecurityScheme::Http(token));
    document.components = Some(components.build());
    document
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "operation",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object))
)]
pub(super) async fn openapi(State(api): State<Api>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], api.document.to_string())
}
