//! `rsp es2 listen`.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use data_encoding::BASE64;
use protocol::clock::Clock;
use protocol::es2plus::{CallHeader, ExecutionStatus, HandleDownloadProgressInfo, StatusData};
use protocol::trace::Actor;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use wire::es2plus::{ProgressEndpoint, ProgressReceiver};
use wire::server::Limits;
use wire::tls::{
    Caller, Callers, Recognition, ServerTls, server_config, server_config_with_client_authentication,
};

use super::connection::private_key;
use crate::command::TraceArguments;
use crate::compose::serving::listen;
use crate::io::printable::Printable;
use crate::io::{certificate_file, machine};

#[derive(Args)]
pub struct Listen {
    /// Where to listen; with port 0 on any free port, which is printed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The certificate to show (PEM or DER); without one the port speaks plain HTTP
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// Its private key
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// The TLS certificate of the SM-DP+: nobody else is listened to
    #[arg(long, value_name = "FILE", requires = "cert")]
    smdp_certificate: Option<PathBuf>,
    /// End after so many reports
    #[arg(long, value_name = "N")]
    count: Option<NonZeroUsize>,
    /// Print JSON objects
    #[arg(long)]
    json: bool,
}

impl Listen {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let clock = machine::system_clock();
        let tracer = trace.tracer(Actor::Operator, clock.clone())?;
        let tls = self.tls(clock)?;
        let listener = listen(self.listen).await?;
        let address = listener.local_addr()?;
        match self.json {
            true => println!("{}", json!({ "listening": address })),
            false => println!("listening on {address}"),
        }
        let (printed, count) = mpsc::unbounded_channel();
        let endpoint = ProgressEndpoint::new(Printer { json: self.json, printed }, tracer);
        wire::server::serve(listener, tls, endpoint, Limits::default(), ended(count, self.count)).await;
        Ok(())
    }

    fn tls(&self, clock: Arc<dyn Clock>) -> Result<Option<ServerTls>> {
        let (Some(certificate), Some(key)) = (&self.cert, &self.key) else { return Ok(None) };
        let (chain, key) = ([certificate_file::read(certificate)?], private_key(key)?);
        Ok(Some(match &self.smdp_certificate {
            Some(smdp) => server_config_with_client_authentication(chain, key, only(smdp)?, clock)?,
            None => server_config(chain, key)?.into(),
        }))
    }
}

fn only(smdp: &Path) -> Result<Arc<Callers>> {
    let sha256 = crypto::digest::sha256(&certificate_file::read(smdp)?);
    let smdp = Caller { name: "SM-DP+".to_owned(), how: Recognition::Pinned { sha256 } };
    Ok(Arc::new(Callers::new([smdp])))
}

/// Until enough was printed, or the user has enough.
async fn ended(mut printed: mpsc::UnboundedReceiver<()>, enough: Option<NonZeroUsize>) {
    let counted = async {
        let mut count = 0;
        while enough.is_none_or(|enough| count < enough.get()) && printed.recv().await.is_some() {
            count += 1;
        }
    };
    tokio::select! {
        () = counted => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

struct Printer {
    json: bool,
    printed: mpsc::UnboundedSender<()>,
}

impl ProgressReceiver for Printer {
    async fn progress(&self, header: CallHeader, info: HandleDownloadProgressInfo) {
        match self.json {
            true => println!("{}", as_json(&header, &info)),
            false => println!("{}", Printable(in_one_line(&info))),
        }
        // Whoever counts may have enough already.
        let _ = self.printed.send(());
    }
}

fn in_one_line(info: &HandleDownloadProgressInfo) -> String {
    let eid = info.eid.map(|eid| format!(" eid {eid}")).unwrap_or_default();
    let (status, data) = status(info);
    let why = data.map(|data| {
        let message = data.message.as_deref().map(|message| format!(" {message:?}")).unwrap_or_default();
        format!(" {}/{}{message}", data.subject_code, data.reason_code)
    });
    format!(
        "{} iccid {} profileType {}{eid} point {} {status}{}",
        info.timestamp,
        info.iccid,
        info.profile_type,
        info.notification_point_id,
        why.unwrap_or_default()
    )
}

/// The members of SGP.22 §6.5.2.5.
fn as_json(header: &CallHeader, info: &HandleDownloadProgressInfo) -> Value {
    let (status, data) = status(info);
    let data = data.map(|StatusData { subject_code, reason_code, message }| {
        json!({ "subjectCode": subject_code, "reasonCode": reason_code, "message": message })
    });
    json!({
        "functionRequesterIdentifier": header.function_requester_identifier,
        "functionCallIdentifier": header.function_call_identifier,
        "eid": info.eid,
        "iccid": info.iccid.to_string(),
        "profileType": info.profile_type,
        "timestamp": info.timestamp.to_string(),
        "notificationPointId": info.notification_point_id,
        "notificationPointStatus": { "status": status, "statusCodeData": data },
        "resultData": info.result_data.as_ref().map(|result| BASE64.encode(result)),
    })
}

fn status(info: &HandleDownloadProgressInfo) -> (&'static str, Option<&StatusData>) {
    match &info.notification_point_status {
        ExecutionStatus::ExecutedSuccess => ("Executed-Success", None),
        ExecutionStatus::ExecutedWithWarning(data) => ("Executed-WithWarning", Some(data)),
        ExecutionStatus::Failed(data) => ("Failed", Some(data)),
    }
}
