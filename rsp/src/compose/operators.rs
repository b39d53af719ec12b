//! Operators: who may call ES2+, and where they take reports.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use certs::chain::TrustAnchor;
use certs::tree::Pki;
use certs::{Certificate, Role};
use crypto::Engine;
use protocol::clock::Clock;
use protocol::es2plus::{CallHeader, HandleDownloadProgressInfo};
use protocol::trace::Tracer;
use smdp::reports::{ReportSender, SendError};
use wire::es2plus::{ProgressClient, ProgressUrl};
use wire::tls::{Caller, Callers, Trust, client_config_with_certificate};

use super::tls::TlsIdentity;
use crate::config::{OperatorSettings, Recognition};
use crate::io::certificate_file;

/// Those who may call ES2+.
pub struct Operators(Arc<Callers>);

impl Operators {
    /// Reads their certificates.
    pub fn read(settings: &[OperatorSettings]) -> Result<Self> {
        let callers = settings.iter().filter_map(|settings| {
            let how = settings.recognition.as_ref()?;
            Some(
                recognition(how)
                    .map(|how| Caller { name: settings.operator.name.clone(), how })
                    .with_context(|| format!("operator {}", settings.operator.name)),
            )
        });
        Ok(Self(Arc::new(Callers::new(callers.collect::<Result<Vec<_>>>()?))))
    }

    pub fn callers(&self) -> Arc<Callers> {
        self.0.clone()
    }
}

fn recognition(how: &Recognition) -> Result<wire::tls::Recognition> {
    Ok(match how {
        Recognition::Sha256(sha256) => wire::tls::Recognition::Pinned { sha256: *sha256 },
        Recognition::Certificate(path) => wire::tls::Recognition::Pinned { sha256: pin(path)? },
        Recognition::Oid { oid, authority } => {
            let oid = certs::oid::parse(oid).with_context(|| format!("oid: {oid}"))?;
            let anchor = Certificate::from_der(&certificate_file::read(authority)?)
                .map_err(anyhow::Error::from)
                .and_then(|certificate| Ok(TrustAnchor::new(certificate, Engine::AwsLc)?))
                .with_context(|| format!("authority: {}", authority.display()))?;
            wire::tls::Recognition::Oid { oid, anchors: vec![anchor] }
        }
    })
}

fn pin(path: &Path) -> Result<[u8; 32]> {
    Ok(crypto::digest::sha256(&certificate_file::read(path)?))
}

/// The way to each operator that takes reports.
pub struct Reports(HashMap<String, ProgressClient>);

impl Reports {
    /// Reads how to reach them.
    pub fn to(
        settings: &[OperatorSettings],
        pki: &Pki,
        clock: &Arc<dyn Clock>,
        tracer: &Tracer,
    ) -> Result<Self> {
        let mut clients = HashMap::new();
        for settings in settings {
            let Some(url) = &settings.report_to else { continue };
            let client = client(settings, url, pki, clock, tracer);
            let client = client.with_context(|| format!("operator {}: report_to", settings.operator.name))?;
            clients.insert(settings.operator.name.clone(), client);
        }
        Ok(Self(clients))
    }
}

fn client(
    settings: &OperatorSettings,
    url: &str,
    pki: &Pki,
    clock: &Arc<dyn Clock>,
    tracer: &Tracer,
) -> Result<ProgressClient> {
    let url: ProgressUrl = url.parse()?;
    let tls = if url.is_https() {
        let roots = settings.report_authority.iter().map(|path| certificate_file::read(path));
        let pins = settings.report_certificate.iter().map(|path| pin(path));
        let (roots, pins) = (roots.collect::<Result<_>>()?, pins.collect::<Result<_>>()?);
        let trust = Trust { roots, pins, ..Trust::default() };
        let identity = TlsIdentity::of(pki, Role::DpTls)?;
        let tls = client_config_with_certificate(trust, identity.chain, identity.key, clock.clone());
        Some(tls.context("https needs report_authority or report_certificate")?)
    } else {
        None
    };
    Ok(ProgressClient::new(url, tls, tracer.clone())?)
}

impl ReportSender for Reports {
    async fn send(
        &self,
        operator: &str,
        header: CallHeader,
        info: HandleDownloadProgressInfo,
    ) -> Result<(), SendError> {
        let Some(client) = self.0.get(operator) else {
            return Err(SendError("this node does not know where the operator takes reports".to_owned()));
        };
        let sent = client.handle_download_progress_info(&header, &info).await;
        sent.map_err(|error| SendError(error.to_string()))
    }
}
