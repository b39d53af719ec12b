//! A download (SGP.22 §3.1.2, §3.1.3).

use asn1::{
    AuthenticateServerRequest, AuthenticateServerResponse, CancelSessionReason as Reason,
    CancelSessionResponse, Octet32, PprIds, PrepareDownloadRequest, PrepareDownloadResponse, Raw,
    ServerSigned1, SmdpSigned2, StoreMetadataRequest, TransactionId, Unknown, der, tlv,
};
use conformance::lpa::situation::User;
use data_encoding::BASE64;
use lpa::EuiccError;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::es9plus::Function;
use protocol::{bpp, types::ServerAddress};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::http::{Answer, Stop};
use super::{Broken, Opened, Wish, next};
use crate::lpa::defects::Defect;

fn text(bytes: &[u8]) -> Value {
    json!(BASE64.encode(bytes))
}

fn read<T: rasn::Decode + rasn::Encode>(bytes: &[u8]) -> Result<T, Stop> {
    der::decode(bytes).map_err(|_| Stop)
}

impl Broken {
    pub(super) async fn download(&mut self, wish: &Wish) -> Result<(), Stop> {
        let opened = self.open(&wish.address).await?;
        self.download_opened(opened, wish).await
    }

    /// Calls a function; goes on after a failure where that is what is wrong.
    async fn call(
        &mut self,
        address: &str,
        function: Function,
        members: &[(&str, Value)],
    ) -> Result<Answer, Stop> {
        let answer = self.http.call(address, function, members).await;
        let usable = answer.as_ref().is_ok_and(|answer| match function {
            Function::InitiateAuthentication => {
                answer.bytes("serverSigned1").is_ok() && answer.bytes("serverCertificate").is_ok()
            }
            _ => true,
        });
        if let (false, true, Some((next, member))) =
            (usable, self.has(Defect::GoesOnAfterFailure), next(function))
        {
            let members = [("transactionId", json!("00")), (member, json!(""))];
            let _ = self.http.post(address, next, &members).await;
        }
        answer
    }

    pub(super) async fn open(&mut self, address: &str) -> Result<Opened, Stop> {
        let (info, challenge) = {
            let mut isd_r = Self::isd_r(&mut self.card);
            let info = isd_r.get_euicc_info1().unwrap().into_bytes();
            (info, *isd_r.get_euicc_challenge().unwrap().bytes())
        };
        let first = *self.challenge.get_or_insert(challenge);
        let challenge = if self.has(Defect::KeepsChallenge) { first } else { challenge };
        let named = if self.has(Defect::NamesAnotherServer) { "smdp.example" } else { address };
        let members = [
            ("euiccChallenge", text(&challenge)),
            ("euiccInfo1", text(&info)),
            ("smdpAddress", json!(named)),
        ];
        let function = Function::InitiateAuthentication;
        if self.has(Defect::RepeatsCalls) {
            let _ = self.http.post(address, function, &members).await;
        }
        let answer = self.call(address, function, &members).await?;
        let signed: ServerSigned1 = read(&answer.bytes("serverSigned1")?)?;
        let ours: ServerAddress = address.parse().map_err(|_| Stop)?;
        if !ours.is_meant_by(&signed.server_address) && !self.has(Defect::IgnoresServerAddress) {
            return Err(Stop);
        }
        let certificate =
            certs::Certificate::from_der(&answer.bytes("serverCertificate")?).map_err(|_| Stop)?;
        Ok(Opened { address: address.to_owned(), answer, role: certificate.role() })
    }

    pub(super) async fn authenticate(&mut self, opened: &Opened, matching_id: &str) -> Result<Answer, Stop> {
        let answer = &opened.answer;
        let request = AuthenticateServerRequest {
            server_signed1: Raw::from_der(&answer.bytes("serverSigned1")?).map_err(|_| Stop)?,
            server_signature1: read(&answer.bytes("serverSignature1")?)?,
            euicc_ci_pk_id_to_be_used: read(&answer.bytes("euiccCiPKIdToBeUsed")?)?,
            server_certificate: asn1::Certificate::from_der(&answer.bytes("serverCertificate")?)
                .map_err(|_| Stop)?,
            ctx_params1: self.context(matching_id),
            unknown: Unknown::none(),
        };
        let response = Self::isd_r(&mut self.card).authenticate_server(&request).map_err(|_| Stop)?;
        let accepted = matches!(response.value(), AuthenticateServerResponse::AuthenticateResponseOk(_));
        if !accepted && !self.has(Defect::PassesRefusalOn) {
            return Err(Stop);
        }
        let members = [
            ("transactionId", json!(answer.text("transactionId")?)),
            ("authenticateServerResponse", text(response.bytes())),
        ];
        self.call(&opened.address, Function::AuthenticateClient, &members).await
    }

    pub(super) async fn download_opened(&mut self, opened: Opened, wish: &Wish) -> Result<(), Stop> {
        let certificate =
            certs::Certificate::from_der(&opened.answer.bytes("serverCertificate")?).map_err(|_| Stop)?;
        let dotted = |oid: &certs::Oid| {
            let arcs: &[u32] = oid.as_ref();
            arcs.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
        };
        let same = |oid: &String| certificate.registered_ids().iter().map(dotted).any(|found| found == *oid);
        if !wish.oid.as_ref().is_none_or(same) && !self.has(Defect::IgnoresOid) {
            return Err(Stop);
        }
        let id: TransactionId = opened.answer.text("transactionId")?.parse().map_err(|_| Stop)?;
        let offer = self.authenticate(&opened, &wish.matching_id).await?;
        let metadata: Raw<StoreMetadataRequest> =
            Raw::from_der(&offer.bytes("profileMetadata")?).map_err(|_| Stop)?;
        let address = &opened.address;
        if has_rules(&metadata) && !self.has(Defect::IgnoresPolicyRules) {
            return self.cancel(address, &id, Reason::PPR_NOT_ALLOWED).await;
        }
        match wish.user {
            _ if self.has(Defect::InstallsUnasked) => {}
            User::Agrees => {}
            User::Rejects => return self.cancel(address, &id, Reason::END_USER_REJECTION).await,
            User::Postpones => return self.cancel(address, &id, Reason::POSTPONED).await,
            User::DoesNotAnswer => return self.cancel(address, &id, Reason::TIMEOUT).await,
        }
        let package = self.package(address, &id, &offer, wish).await?;
        self.install(address, &id, &metadata, &package).await
    }

    async fn package(
        &mut self,
        address: &str,
        id: &TransactionId,
        offer: &Answer,
        wish: &Wish,
    ) -> Result<Vec<u8>, Stop> {
        let smdp_signed2: Raw<SmdpSigned2> = Raw::from_der(&offer.bytes("smdpSigned2")?).map_err(|_| Stop)?;
        let by_code = wish.code_flag && !self.has(Defect::AsksServerAloneForCode);
        let by_server = smdp_signed2.cc_required_flag && !self.has(Defect::AsksActivationCodeAloneForCode);
        let hash: [u8; 32] = match self.has(Defect::HashesOnce) {
            true => Sha256::digest([wish.confirmation_code.as_bytes(), id.bytes()].concat()).into(),
            false => ConfirmationCodeHash::of(&wish.confirmation_code).hash_cc(id),
        };
        let request = PrepareDownloadRequest {
            smdp_signed2,
            smdp_signature2: read(&offer.bytes("smdpSignature2")?)?,
            hash_cc: (by_code || by_server).then(|| Octet32::from(hash)),
            smdp_certificate: asn1::Certificate::from_der(&offer.bytes("smdpCertificate")?)
                .map_err(|_| Stop)?,
            unknown: Unknown::none(),
        };
        let response = Self::isd_r(&mut self.card).prepare_download(&request).map_err(|_| Stop)?;
        let PrepareDownloadResponse::DownloadResponseOk(_) = response.value() else { return Err(Stop) };
        let members =
            [("transactionId", json!(id.to_string())), ("prepareDownloadResponse", text(response.bytes()))];
        let function = Function::GetBoundProfilePackage;
        let answer = self.call(address, function, &members).await;
        if answer.is_err() && self.has(Defect::RepeatsAfterRefusal) {
            let _ = self.http.post(address, function, &members).await;
        }
        answer?.bytes("boundProfilePackage")
    }

    async fn install(
        &mut self,
        address: &str,
        id: &TransactionId,
        offered: &Raw<StoreMetadataRequest>,
        package: &[u8],
    ) -> Result<(), Stop> {
        let Ok(segments) = bpp::segments(package) else {
            if self.has(Defect::GivesUpSilently) {
                return Err(Stop);
            }
            return self.cancel(address, id, Reason::LOAD_BPP_EXECUTION_ERROR).await;
        };
        let inside: Vec<u8> = segments
            .iter()
            .filter_map(|segment| tlv::read(segment).ok())
            .filter(|(element, _)| element.tag.0 == 0x88)
            .flat_map(|(element, _)| element.value[..element.value.len() - 8].to_vec())
            .collect();
        let inside: StoreMetadataRequest = read(&inside)?;
        if has_rules(&inside) != has_rules(offered) && !self.has(Defect::IgnoresPackageRules) {
            return self.cancel(address, id, Reason::PPR_NOT_ALLOWED).await;
        }
        if inside.profile_name != offered.profile_name && !self.has(Defect::IgnoresPackageMetadata) {
            return self.cancel(address, id, Reason::METADATA_MISMATCH).await;
        }
        let segments: Vec<&[u8]> = segments.into_iter().filter(self.sends()).collect();
        if self.load(&segments).is_err() && !self.has(Defect::GivesUpSilently) {
            return self.cancel(address, id, Reason::LOAD_BPP_EXECUTION_ERROR).await;
        }
        Ok(())
    }

    /// Which segments are sent at all.
    fn sends(&self) -> impl FnMut(&&[u8]) -> bool {
        let defect = self.defect;
        let (mut of_metadata, mut of_profile) = (0, 0);
        move |segment| match (segment.first(), defect) {
            (Some(0xA2), Defect::CannotReplaceKeys) => false,
            (Some(0x88), Defect::TakesOneSegmentOfMetadata) => {
                of_metadata += 1;
                of_metadata <= 1
            }
            (Some(0x86), Defect::TakesTenSegments) => {
                of_profile += 1;
                of_profile <= 10
            }
            _ => true,
        }
    }

    fn load(&mut self, segments: &[&[u8]]) -> Result<(), EuiccError> {
        let mut isd_r = Self::isd_r(&mut self.card);
        for segment in segments {
            if isd_r.load_bound_profile_package(segment)?.is_some() {
                break;
            }
        }
        Ok(())
    }

    async fn cancel(&mut self, address: &str, id: &TransactionId, reason: Reason) -> Result<(), Stop> {
        let reason = if self.has(Defect::CancelsWithoutReason) { Reason::UNDEFINED_REASON } else { reason };
        let response = Self::isd_r(&mut self.card).cancel_session(id, reason).map_err(|_| Stop)?;
        let CancelSessionResponse::CancelSessionResponseOk(_) = response.value() else { return Err(Stop) };
        let members =
            [("transactionId", json!(id.to_string())), ("cancelSessionResponse", text(response.bytes()))];
        let _ = self.http.call(address, Function::CancelSession, &members).await;
        Err(Stop)
    }
}

fn has_rules(metadata: &StoreMetadataRequest) -> bool {
    metadata.profile_policy_rules.iter().flat_map(PprIds::bits).next().is_some()
}
