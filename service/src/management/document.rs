//! `/openapi.json`.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, OpenApi};

use super::{Frame, Problem};

/// The document before the functions are added: what all of them refer to.
pub(super) fn with_frame(mut document: OpenApi) -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Where a token is configured"))
        .build();
    let components = ComponentsBuilder::from(document.components.take().unwrap_or_default())
        .schema_from::<Problem>()
        .security_scheme("token", SecurityScheme::Http(token));
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
pub(super) async fn openapi(State(frame): State<Frame>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], frame.document.to_string())
}
