//! The SM-DP+: every function as it should be, but for the deed that the situation has in store.

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, BoundProfilePackageTlv, CancelSessionRequestEs9,
    GetBoundProfilePackageOk, GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, PendingNotification, PrepareDownloadResponse, Unknown,
};
use crypto::{Engine, OneTimeKey};
use protocol::bpp::{Binding, HostId, ProfileElements, ProtectedPackage, bind, defect::bind_with};
use protocol::clock::Timestamp;
use protocol::es9plus::Es9Plus;
use protocol::mutual_authentication::{Opening, initiate_authentication, unknown_transaction, verify_client};
use protocol::smdp_session::{
    self, Identity, Offer, Offered, verify_cancel_session, verify_installation_result,
    verify_other_notification, verify_prepare_download,
};
use protocol::status::{Refusal, StatusCode};

use super::scene::{Scene, Stage as Progress};
use super::service::Visit;
use crate::lpa::log::{ConfirmationCodeHash, Notice, Said};
use crate::lpa::situation::{Deed, Server};

/// The judge signs so that the same inputs give the same bytes.
pub(super) const ENGINE: Engine = Engine::RustCrypto;

/// The SM-DP+, as one request meets it.
pub(super) struct Smdp(pub(super) Visit);

impl Smdp {
    fn identities(&self) -> &smdp_session::Identities {
        &self.0.stage.certificates.smdp
    }

    fn now(&self) -> Timestamp {
        self.0.stage.clock.now()
    }

    /// The identity under the CI key of a session.
    fn identity(&self, ci: &[u8]) -> Result<&Identity, Refusal> {
        let found = self.identities().all().iter().find(|identity| {
            identity.auth.certificate().authority_key_identifier().is_some_and(|key| key.bytes() == ci)
        });
        found.ok_or_else(|| Refusal::configuration("no CERT.DPauth under the CI of this session"))
    }
}

impl Visit {
    pub(super) fn says(&self, said: Said) {
        self.stage.note(self.number, |call| call.said = Some(said));
    }

    /// The refusal that the situation has in store.
    pub(super) fn refusal(&self) -> Result<(), Refusal> {
        match self.deed {
            Some(Deed::Refuses(code)) => {
                self.twisted();
                Err(Refusal::incompatible(code, "the judge wants it so"))
            }
            _ => Ok(()),
        }
    }
}

impl Es9Plus for Smdp {
    type Error = Refusal;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Refusal> {
        let visit = &self.0;
        visit.says(Said::opens(&request));
        visit.refusal()?;
        visit.stage.serve(|scene| {
            let opening = Opening {
                identities: self.identities(),
                server_address: visit.stage.addresses.of(visit.server),
                transaction_id: scene.transaction_id()?,
                server_challenge: scene.random(),
            };
            let tracer = scene.tracer.clone();
            let (mut answer, mut opened) = initiate_authentication(opening, &request, &tracer)?;
            let identity = self.identity(&opened.ci)?;
            if let Some(deed @ (Deed::NamesAnotherAddress | Deed::SignsWrongly)) = visit.deed {
                // One that leads somewhere: what is installed all the same has to be reported there, or blocks the card.
                let another = visit.stage.addresses.of(Server::Second).as_str();
                spoil_opening(deed, another, &identity.auth, &mut answer)?;
                opened.server_address.clone_from(&answer.server_signed1.server_address);
                scene.twisted(visit.number);
            }
            scene.open(answer.transaction_id.clone(), opened);
            Ok(answer)
        })
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Refusal> {
        let visit = &self.0;
        let (client, tracer) = visit.stage.serve(|scene| {
            let tracer = scene.tracer.with_transaction(&request.transaction_id);
            let opened = scene.opened(&request)?;
            let client = verify_client(self.identities(), &opened, &request, self.now(), &tracer);
            scene.note(visit.number, Said::authenticates(&request, client.as_ref().err()));
            Ok((client?, tracer))
        })?;
        visit.refusal()?;
        visit.stage.serve(|scene| {
            let order = scene.order(client.matching_id.as_deref()).ok_or_else(|| {
                tracer.refused("SGP.22 §5.6.3", "an order waits for this MatchingID", &"none does");
                Refusal::incompatible(StatusCode::MATCHING_ID_REFUSED, "nothing waits for this MatchingID")
            })?;
            let identity = self.identity(scene.ci_of(&request.transaction_id)?)?;
            let waiting = scene.waiting.get(order).ok_or_else(Refusal::storage)?;
            let what = Offer {
                identity,
                transaction_id: request.transaction_id.clone(),
                metadata: waiting.offered.clone(),
                confirmation_code_required: waiting.sketch.confirmation_code,
                bound_euicc_otpk: None,
            };
            let (answer, offered) = smdp_session::offer(&client, what)?;
            scene.proceed(&request.transaction_id, Progress::Offered(offered, order));
            Ok(answer)
        })
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Refusal> {
        let visit = &self.0;
        visit.stage.serve(|scene| {
            let tracer = scene.tracer.with_transaction(&request.transaction_id);
            let (offered, order) = scene.offered(&request)?;
            let prepared = verify_prepare_download(&offered, &request, ENGINE, &tracer);
            let waiting = scene.waiting.get(order).ok_or_else(Refusal::storage)?;
            let code = hash_of(&request).map_or(ConfirmationCodeHash::Absent, |hash| {
                match waiting.code_hash.matches(&request.transaction_id, hash) {
                    true => ConfirmationCodeHash::Right,
                    false => ConfirmationCodeHash::Wrong,
                }
            });
            let verified = prepared.as_ref().map(drop).map_err(ToString::to_string);
            let required = waiting.sketch.confirmation_code;
            let code_hash = waiting.code_hash.clone();
            scene.note(visit.number, Said::Prepares { code, verified });
            let prepared = prepared?;
            if required {
                prepared.check_confirmation_code(&code_hash, &request.transaction_id)?;
            }
            if let Some(Deed::Refuses(code)) = visit.deed {
                scene.twisted(visit.number);
                return Err(Refusal::incompatible(code, "the judge wants it so"));
            }
            let package = self.bind(scene, &request, &offered, order, &prepared.euicc_otpk)?;
            Ok(GetBoundProfilePackageOk {
                transaction_id: request.transaction_id.clone(),
                bound_profile_package: BoundProfilePackageTlv::from_der(&package)
                    .map_err(|error| Refusal::configuration(error.to_string()))?,
                unknown: Unknown::none(),
            })
        })
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), Refusal> {
        let visit = &self.0;
        visit.stage.serve(|scene| {
            let tracer = scene.tracer.clone();
            let verified = match request.pending_notification.value() {
                PendingNotification::ProfileInstallationResult(result) => {
                    let id = &result.profile_installation_result_data.transaction_id;
                    let Some(session) = scene.session(id) else {
                        scene.left_over(visit.number);
                        return Ok(());
                    };
                    let client = session.client().ok_or_else(|| unknown_transaction(id))?;
                    verify_installation_result(result, &client.key, ENGINE, &tracer).map(drop)
                }
                PendingNotification::OtherSignedNotification(other) => {
                    let iccid = other.tbs_other_notification.iccid;
                    if !scene.waiting.iter().any(|waiting| Some(waiting.iccid) == iccid) {
                        scene.left_over(visit.number);
                        return Ok(());
                    }
                    verify_other_notification(self.identities(), other, self.now(), &tracer).map(drop)
                }
            };
            let verified = verified.map_err(|error| error.to_string());
            let notice = Notice::of(&request.pending_notification, verified);
            scene.note(visit.number, Said::Notifies(notice));
            Ok(())
        })
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), Refusal> {
        let visit = &self.0;
        visit.stage.serve(|scene| {
            let tracer = scene.tracer.with_transaction(&request.transaction_id);
            let session = scene.session(&request.transaction_id);
            let client = session.and_then(|session| session.client().cloned());
            let unknown = || unknown_transaction(&request.transaction_id);
            let cancelled = client.ok_or_else(unknown).and_then(|client| {
                let identity = self.identity(&client.ci)?;
                let cancelled = verify_cancel_session(identity, &client, &request, ENGINE, &tracer)?;
                Ok((cancelled.reason, client))
            });
            let said = cancelled.as_ref().map(|(reason, _)| *reason).map_err(ToString::to_string);
            scene.note(visit.number, Said::Cancels(said));
            let (_, client) = cancelled?;
            scene.proceed(&request.transaction_id, Progress::Ended(Some(client)));
            Ok(())
        })
    }
}

impl Smdp {
    fn bind(
        &self,
        scene: &mut Scene,
        request: &GetBoundProfilePackageRequest,
        offered: &Offered,
        order: usize,
        euicc_otpk: &crypto::PublicKey,
    ) -> Result<Vec<u8>, Refusal> {
        let visit = &self.0;
        let identity = self.identity(&offered.client.ci)?;
        let failed = |error: &dyn std::fmt::Display| Refusal::configuration(error.to_string());
        let curve = identity.pb.key().curve();
        let one_time_key =
            OneTimeKey::generate(ENGINE, curve, &mut scene.rng).map_err(|error| failed(&error))?;
        let keys = (scene.random(), scene.random(), scene.random());
        let waiting = scene.waiting.get(order).ok_or_else(Refusal::storage)?;
        let metadata = match visit.deed {
            Some(Deed::AddsPolicyRule) => waiting.with_policy_rule(),
            _ => waiting.offered.clone(),
        };
        let keys = waiting.sketch.protection_keys.then(|| super::waiting::protection_keys(keys));
        let protected = keys.map(|keys| ProtectedPackage::protect(&waiting.package, keys));
        let binding = Binding {
            transaction_id: &request.transaction_id,
            eid: &offered.client.eid,
            host_id: &HostId::of_server(visit.stage.addresses.of(visit.server)),
            euicc_otpk,
            one_time_key: &one_time_key,
            metadata: metadata.bytes(),
            profile: match &protected {
                Some(protected) => ProfileElements::Protected(protected),
                None => ProfileElements::Unprotected(&waiting.package),
            },
            signing_key: identity.pb.key(),
        };
        let tracer = scene.tracer.with_transaction(&request.transaction_id);
        let package = match visit.deed {
            Some(Deed::Binds(defect)) => bind_with(defect, binding, &tracer),
            _ => bind(binding, &tracer),
        };
        let package = package.map_err(|error| failed(&error))?;
        if let Some(Deed::Binds(_) | Deed::AddsPolicyRule) = visit.deed {
            scene.twisted(visit.number);
        }
        Ok(package)
    }
}

/// What the situation has in store for the answer to InitiateAuthentication.
fn spoil_opening(
    deed: Deed,
    another: &str,
    identity: &certs::Identity,
    answer: &mut InitiateAuthenticationOkEs9,
) -> Result<(), Refusal> {
    let failed = |error: &dyn std::fmt::Display| Refusal::configuration(error.to_string());
    if deed == Deed::NamesAnotherAddress {
        let mut signed = answer.server_signed1.value().clone();
        signed.server_address = another.to_owned();
        answer.server_signed1 = asn1::Raw::new(signed);
    }
    let signature = identity.key().sign(answer.server_signed1.bytes()).map_err(|error| failed(&error))?;
    let mut bytes = *signature.as_bytes();
    if deed == Deed::SignsWrongly
        && let Some(last) = bytes.last_mut()
    {
        *last ^= 1;
    }
    answer.server_signature1 = asn1::SignatureTlv::new(bytes.as_slice()).map_err(|error| failed(&error))?;
    Ok(())
}

/// hashCc as the eUICC signed it.
fn hash_of(request: &GetBoundProfilePackageRequest) -> Option<&[u8]> {
    match request.prepare_download_response.value() {
        PrepareDownloadResponse::DownloadResponseOk(answer) => {
            answer.euicc_signed2.hash_cc.as_ref().map(|hash| hash.bytes().as_slice())
        }
        PrepareDownloadResponse::DownloadResponseError(_) => None,
    }
}
