//! What the functions do not say of themselves in `/openapi.json`.

/// The document before the functions are added.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "SM-DS management",
        description = "Look at the event records of an SM-DS, and remove them. Errors are problem details (RFC 9457). Lists \
                       are in the order of their numbers; where `next` is not null, there may be more: give it as `after`. \
                       Moments are written as in RFC 3339."
    ),
    tags(
        (name = "operation", description = "Whether the process is well, and what it has counted"),
        (name = "events", description = "Event records"),
    )
)]
pub(super) struct Beginning;
