//! Download confirmation and installation (SGP.22 §3.1.3.2, §3.1.3.3).

use asn1::{
    FinalResult, GetBoundProfilePackageRequest, Octet32, PrepareDownloadRequest, PrepareDownloadResponse,
    ProfileInstallationResult, Raw, StoreMetadataRequest, TransactionId, Unknown,
};
use protocol::bpp;
use protocol::es9plus::{Es9Plus, Function};

use super::error::{Failure, LoadError};
use super::metadata::{self, Difference};
use super::offer::Offered;
use super::user::User;
use super::{Downloaded, Run};
use crate::card::Card;
use crate::progress::{Progress, Step};

impl<C: Card, S: Es9Plus, U: User + ?Sized> Run<'_, C, S, U> {
    /// SGP.22 §3.1.3.2 steps 1 to 4.
    pub(super) fn prepare_download(
        &mut self,
        offered: &Offered,
        hash_cc: Option<Octet32>,
    ) -> Result<Raw<PrepareDownloadResponse>, Failure<S::Error>> {
        self.session.begin(Step::PrepareDownload);
        let request = PrepareDownloadRequest {
            smdp_signed2: offered.smdp_signed2.clone(),
            smdp_signature2: offered.smdp_signature2.clone(),
            hash_cc,
            smdp_certificate: offered.smdp_certificate.clone(),
            unknown: Unknown::none(),
        };
        let response = self.session.isd_r.prepare_download(&request).map_err(Failure::Euicc)?;
        match response.value() {
            PrepareDownloadResponse::DownloadResponseOk(_) => Ok(response),
            PrepareDownloadResponse::DownloadResponseError(error) => {
                Err(Failure::PrepareDownload(error.download_error_code))
            }
        }
    }

    /// SGP.22 §3.1.3.2 steps 5 to 11.
    pub(super) async fn get_bound_profile_package(
        &mut self,
        transaction_id: &TransactionId,
        prepared: Raw<PrepareDownloadResponse>,
    ) -> Result<Vec<u8>, Failure<S::Error>> {
        self.session.begin(Step::GetBoundProfilePackage);
        let function = Function::GetBoundProfilePackage;
        let request = GetBoundProfilePackageRequest {
            transaction_id: transaction_id.clone(),
            prepare_download_response: prepared,
            unknown: Unknown::none(),
        };
        let answer = self.server.get_bound_profile_package(request).await;
        let answer = answer.map_err(|error| Failure::Server { function, error })?;
        self.session.require_transaction(
            "transactionId of GetBoundProfilePackage",
            function,
            transaction_id,
            &answer.transaction_id,
        )?;
        Ok(answer.bound_profile_package.into_raw())
    }

    /// SGP.22 §3.1.3.2 step 12 and §3.1.3.3.
    pub(super) fn install(
        &mut self,
        transaction_id: TransactionId,
        offered: Raw<StoreMetadataRequest>,
        bound_profile_package: &[u8],
    ) -> Result<Downloaded, Failure<S::Error>> {
        self.session.begin(Step::LoadBoundProfilePackage);
        // SGP.22 §3.1.3.3: a package that cannot be cut is a load error.
        let segments = bpp::segments(bound_profile_package).map_err(|error| Failure::Load(error.into()))?;
        let difference = metadata::compare(&offered, &segments);
        self.session
            .tracer()
            .check("SGP.22 §3.1.3.2", "Profile Metadata of the package is what was offered", difference)
            .map_err(|difference| match difference {
                Difference::PolicyRules => Failure::PolicyRulesChanged,
                Difference::Other => Failure::MetadataChanged,
            })?;

        let result = self.load(&segments)?;
        let isdp_aid = match &result.profile_installation_result_data.final_result {
            FinalResult::SuccessResult(success) => success.aid.clone(),
            FinalResult::ErrorResult(error) => {
                let error = error.clone();
                return Err(Failure::Installation { error, result: Box::new(result) });
            }
        };
        Ok(Downloaded {
            transaction_id,
            iccid: offered.iccid,
            isdp_aid,
            metadata: offered,
            profile_installation_result: result,
        })
    }

    /// SGP.22 §3.1.3.3: one segment after the other, until the eUICC gives its result.
    fn load(&mut self, segments: &[&[u8]]) -> Result<Raw<ProfileInstallationResult>, Failure<S::Error>> {
        let of = segments.len();
        for (number, segment) in (1..).zip(segments) {
            let answer = self.session.isd_r.load_bound_profile_package(segment);
            // SGP.22 §3.1.3.3: any status word but 9000 and 91xx ends the session, see `Failure::cancel`.
            let answer = answer.map_err(|error| Failure::Load(LoadError::Segment { number, of, error }))?;
            if let Some(result) = answer {
                // SGP.22 §2.5.6: the result ends it, be it after the last segment or at one that failed.
                return Ok(result);
            }
            self.session.user.progress(Progress::Segments { loaded: number, of });
        }
        Err(Failure::Load(LoadError::NoResult(of)))
    }
}
