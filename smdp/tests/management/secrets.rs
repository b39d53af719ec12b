//! No answer of the API holds a secret.

use std::io;
use std::sync::{Arc, Mutex};

use data_encoding::{BASE64, HEXLOWER, HEXUPPER};
use protocol::confirmation_code::ConfirmationCodeHash;
use serde_json::json;
use smdp::store::Store;
use tracing_subscriber::fmt::MakeWriter;

use crate::api::{Api, CODE, KI, OPC, subscriber};
use crate::common::euicc::Euicc;
use crate::session::CURVE;

const ICCID: &str = "8988211000000000102";

/// Everything that was logged.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The forms in which bytes could be told.
fn forms(secret: &[u8]) -> Vec<String> {
    let mut forms = vec![
        HEXLOWER.encode(secret),
        HEXUPPER.encode(secret),
        BASE64.encode(secret).trim_end_matches('=').to_owned(),
        format!("{secret:?}").trim_matches(['[', ']']).to_owned(),
    ];
    forms.extend(String::from_utf8(secret.to_vec()).ok());
    forms
}

#[tokio::test]
async fn no_answer_and_no_line_of_the_log_holds_a_secret() {
    let log = Log::default();
    let subscriber_of_log =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber_of_log);
    let api = Api::new();
    let euicc = Euicc::new(CURVE, 1);
    let mut seen = String::new();

    seen += &api.post("/api/v1/profiles", subscriber(ICCID)).await.text;
    let order = json!({ "iccid": ICCID, "matching_id": "AB-12", "confirmation_code": CODE });
    let placed = api.post("/api/v1/orders", order.clone()).await;
    assert_eq!(placed.status, 201, "{}", placed.text);
    seen += &placed.text;
    seen += &api.post("/api/v1/profiles", subscriber(ICCID)).await.text;
    seen += &api.post("/api/v1/orders", order).await.text;
    let mut wrong = subscriber(ICCID);
    wrong["subscriber"]["ki"] = json!({ KI: OPC });
    seen += &api.post("/api/v1/profiles", wrong).await.text;
    let mut wrong = subscriber(ICCID);
    wrong["subscriber"]["opc"] = json!(format!("{OPC}0"));
    seen += &api.post("/api/v1/profiles", wrong).await.text;
    seen += &api.post("/api/v1/orders", json!({ "iccid": ICCID, "confirmation_code": [CODE] })).await.text;

    let tid = api.install(&euicc, "AB-12", Some(CODE)).await;
    for path in [
        "/health".to_owned(),
        "/ready".to_owned(),
        "/metrics".to_owned(),
        "/openapi.json".to_owned(),
        "/api/v1/profiles".to_owned(),
        format!("/api/v1/profiles/{ICCID}"),
        "/api/v1/orders".to_owned(),
        "/api/v1/orders/1".to_owned(),
        format!("/api/v1/sessions/{tid}"),
        format!("/api/v1/euiccs/{}/notifications", euicc.eid),
        "/api/v1/events".to_owned(),
        "/api/v1/operators".to_owned(),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        seen += &answer.text;
    }
    seen += &api.put("/api/v1/orders/1/state", json!({ "state": "Downloaded" })).await.text;
    seen += &api.post("/api/v1/orders/1/reset", json!(null)).await.text;
    assert!(seen.contains(ICCID) && seen.contains("AB-12"), "there were answers");
    assert!(log.text().contains("management"), "the log was on");
    seen += &log.text();

    let profile = api.store().profile(ICCID.parse().unwrap()).await.unwrap().unwrap();
    let package = api.store().package(profile.id).await.unwrap();
    for (name, secret) in [
        ("Ki", HEXLOWER.decode(KI.as_bytes()).unwrap()),
        ("OPc", HEXLOWER.decode(OPC.as_bytes()).unwrap()),
        ("the confirmation code", CODE.as_bytes().to_vec()),
        ("its hash", ConfirmationCodeHash::of(CODE).as_bytes().to_vec()),
        ("the package", package.0[100..132].to_vec()),
    ] {
        for form in forms(&secret) {
            assert!(!seen.contains(&form), "{name} as {form}");
        }
    }
}

#[tokio::test]
async fn a_secret_in_the_wrong_place_is_not_repeated() {
    let api = Api::new();
    for body in [
        json!({ "subscriber": { "imsi": "001010000000001", "ki": 4711, "opc": OPC } }),
        json!({ "subscriber": { "imsi": "001010000000001", "ki": KI, "opc": [OPC] } }),
        json!({ "subscriber": { "imsi": KI, "ki": KI, "opc": OPC } }),
        json!({ "package": [KI] }),
        json!({ "package": KI }),
        json!(KI),
    ] {
        let (_, detail) = api.post("/api/v1/profiles", body.clone()).await.problem(400);
        for secret in [KI, OPC, "4711"] {
            assert!(!detail.contains(secret), "{body}: {detail}");
        }
    }
}
