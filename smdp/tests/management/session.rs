//! An eUICC that downloads what the API offers.

use asn1::{FinalResult, GetBoundProfilePackageOk, TransactionId};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use protocol::status::Refusal;

use crate::api::Api;
use crate::common::euicc::{Euicc, one_time_key, success};

pub const CURVE: Curve = Curve::P256;

impl Api {
    /// The transactionId of a session that was just opened.
    pub async fn opened(&self, euicc: &Euicc) -> TransactionId {
        self.smdp.initiate_authentication(euicc.initiate()).await.unwrap().transaction_id
    }

    /// A whole session up to the package; `code` is what the user enters.
    pub async fn download(
        &self,
        euicc: &Euicc,
        matching_id: Option<&str>,
        code: Option<&str>,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        let initiated = self.smdp.initiate_authentication(euicc.initiate()).await?;
        let offer = self.smdp.authenticate_client(euicc.authenticate(&initiated, matching_id)).await?;
        let key = one_time_key(CURVE, 1);
        let request = match code {
            None => euicc.prepare(&offer, &key),
            Some(code) => euicc.prepare_with_code(&offer, &key, code),
        };
        self.smdp.get_bound_profile_package(request).await
    }

    /// The same, and the eUICC reports the installation.
    pub async fn install(&self, euicc: &Euicc, matching_id: &str, code: Option<&str>) -> TransactionId {
        let delivered = self.download(euicc, Some(matching_id), code).await.unwrap();
        let result: FinalResult = success();
        let data = euicc.installation(&delivered.transaction_id, 5, result);
        let notification = crate::common::euicc::installation_notification(euicc.sign_installation(data));
        self.smdp.handle_notification(notification).await.unwrap();
        delivered.transaction_id
    }
}
