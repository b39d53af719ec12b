//! What the functions do not say of themselves in `/openapi.json`.

/// The document before the functions are added.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "SM-DP+ management",
        description = "Look at and change what an SM-DP+ has: profiles, orders, sessions, notifications, events. \
                       Errors are problem details (RFC 9457). Lists are in the order of their numbers; where `next` is \
                       not null, there may be more: give it as `after`. Moments are written as in RFC 3339."
    ),
    tags(
        (name = "operation", description = "Whether the process is well, and what it has counted"),
        (name = "profiles", description = "The inventory"),
        (name = "orders", description = "Download orders"),
        (name = "history", description = "Sessions, notifications and events"),
        (name = "operators", description = "Who orders here over ES2+"),
        (name = "faults", description = "What this server is to do wrong, for the LPAs that have to bear it"),
    )
)]
pub(super) struct Beginning;
