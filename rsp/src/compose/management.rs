//! The management port of a server.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use service::management::{Access, Token};

use crate::config::ManagementSettings;

/// Where it is, and who may use it.
pub fn access(settings: &ManagementSettings) -> Result<(SocketAddr, Access)> {
    let Some(path) = &settings.token_file else { return Ok((settings.listen, Access::open())) };
    let text = std::fs::read_to_string(path).map(zeroize::Zeroizing::new);
    let text = text.with_context(|| format!("management.token_file: cannot read {}", path.display()))?;
    let token = Token::new(text.trim())
        .with_context(|| format!("management.token_file: {} is empty", path.display()))?;
    Ok((settings.listen, Access::with_token(token)))
}
