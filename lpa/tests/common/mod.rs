//! A card and a server that do what a test tells them, and a session between them in which everything goes well.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test reports by panicking")]

use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Waker};

use asn1::{
    Aid, AuthenticateClientOk, AuthenticateClientRequest, AuthenticateResponseOk, AuthenticateServerResponse,
    CancelSessionReason, CancelSessionRequestEs9, CancelSessionResponse, CancelSessionResponseOk,
    Certificate, CtxParams1, CtxParamsForCommonAuthentication, DeviceCapabilities, DeviceInfo, ErrorResult,
    EuiccCancelSessionSigned, EuiccInfo1, EuiccInfo2, EuiccSigned1, EuiccSigned2, FinalResult,
    GetBoundProfilePackageOk, GetBoundProfilePackageRequest, GetEuiccChallengeResponse, HandleNotification,
    Iccid, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, NotificationEvent,
    NotificationMetadata, ObjectIdentifier, Octet16, PrepareDownloadResponse, PrepareDownloadResponseOk,
    ProfileInstallationResult, ProfileInstallationResultData, Raw, RspCapability, ServerSigned1,
    SimaResponse, SmdpSigned2, StoreMetadataRequest, SubjectKeyIdentifier, SuccessResult, TransactionId,
    UiccCapability, Unknown, VersionType, der, tlv,
};
use certs::Role;
use certs::workshop::{Holder, Workshop};
use lpa::card::{Card, CardError};
use lpa::download::{
    ConfirmationCode, Decision, Device, DownloadError, Downloaded, Offer, Progress, Request, User,
};
use lpa::isd_r::{IsdR, Options};
use protocol::clock::{FixedClock, Timestamp};
use protocol::es9plus::Es9Plus;
use protocol::trace::{Actor, Event, Sink, Tracer};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

pub const SMDP_ADDRESS: &str = "smdp.example.com";
pub const ISDP_AID: [u8; 16] = [0xA0, 0, 0, 5, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0, 0, 0x11, 0];

/// Runs a future of which nothing ever waits.
pub fn run<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits for anything"),
    }
}

/// What a card answers to one ES10 object.
#[derive(Clone, Debug)]
pub enum Answer {
    Data(Vec<u8>),
    Status(u16),
    /// The card is pulled out.
    Gone,
}

/// What thinks for a card: the answer to a complete object, `None` where it does not know the function.
pub type Brain = Box<dyn FnMut(&[u8]) -> Option<Answer> + Send>;

/// A card that joins STORE DATA blocks and answers by the tag of the object: from the queue of that tag, whose last
/// entry stays; or, where there is none, as its brain says.
#[derive(Default)]
pub struct FakeCard {
    answers: HashMap<u32, VecDeque<Answer>>,
    pub brain: Option<Brain>,
    blocks: Vec<u8>,
    /// Every complete object received.
    pub objects: Vec<Vec<u8>>,
    pub resets: usize,
}

impl FakeCard {
    pub fn set(&mut self, tag: u32, answers: impl IntoIterator<Item = Answer>) {
        self.answers.insert(tag, answers.into_iter().collect());
    }

    pub fn data(&mut self, tag: u32, data: Vec<u8>) {
        self.set(tag, [Answer::Data(data)]);
    }

    /// The objects received with this tag.
    pub fn received(&self, tag: u32) -> Vec<&[u8]> {
        self.objects.iter().filter(|object| tag_of(object) == tag).map(Vec::as_slice).collect()
    }

    fn store_data(&mut self, last: bool, block: &[u8]) -> Result<Vec<u8>, CardError> {
        self.blocks.extend_from_slice(block);
        if !last {
            return Ok(vec![0x90, 0x00]);
        }
        let object = std::mem::take(&mut self.blocks);
        let queue = self.answers.get_mut(&tag_of(&object));
        let answer = match (queue, &mut self.brain) {
            (Some(queue), _) if queue.len() > 1 => queue.pop_front(),
            (Some(queue), _) => queue.front().cloned(),
            (None, Some(brain)) => brain(&object).or(Some(Answer::Status(0x6A88))),
            (None, None) => Some(Answer::Status(0x6A88)),
        };
        self.objects.push(object);
        match answer {
            Some(Answer::Data(data)) => Ok([&data[..], &[0x90, 0x00]].concat()),
            Some(Answer::Status(sw)) => Ok(sw.to_be_bytes().to_vec()),
            Some(Answer::Gone) | None => Err(CardError("pulled out".to_owned())),
        }
    }
}

pub fn tag_of(object: &[u8]) -> u32 {
    tlv::header(object).unwrap().unwrap().tag.0
}

impl Card for FakeCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        match *command {
            [0x80, 0xAA, ..] => Ok(vec![0x90, 0x00]),
            [0x00, 0x70, 0x00, ..] => Ok(vec![0x01, 0x90, 0x00]),
            [0x00, 0x70, 0x80, ..] | [0x01, 0xA4, ..] => Ok(vec![0x90, 0x00]),
            [0x81, 0xE2, p1, _, lc, ref data @ ..] => {
                self.store_data(p1 & 0x80 != 0, data.get(..usize::from(lc)).unwrap())
            }
            _ => Ok(vec![0x6D, 0x00]),
        }
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        self.resets += 1;
        Ok(vec![0x3B, 0x00])
    }
}

/// Why a fake server does not answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone;

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the server is gone")
    }
}

/// What a server was asked, in order.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a handful of them in a test")]
pub enum Asked {
    InitiateAuthentication(InitiateAuthenticationRequest),
    AuthenticateClient(AuthenticateClientRequest),
    GetBoundProfilePackage(GetBoundProfilePackageRequest),
    HandleNotification(HandleNotification),
    CancelSession(CancelSessionRequestEs9),
}

/// A server with prepared answers.
#[derive(Clone)]
pub struct FakeServer {
    pub initiate_authentication: Result<InitiateAuthenticationOkEs9, Gone>,
    pub authenticate_client: Result<AuthenticateClientOk, Gone>,
    pub get_bound_profile_package: Result<GetBoundProfilePackageOk, Gone>,
    pub cancel_session: Result<(), Gone>,
    /// Whether the notification with this sequence number is acknowledged.
    pub refuses: Vec<u64>,
    pub asked: Arc<Mutex<Vec<Asked>>>,
}

impl FakeServer {
    fn note(&self, asked: Asked) {
        self.asked.lock().unwrap().push(asked);
    }

    pub fn cancelled(&self) -> Vec<CancelSessionRequestEs9> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter_map(|asked| match asked {
                Asked::CancelSession(request) => Some(request.clone()),
                _ => None,
            })
            .collect()
    }
}

impl Es9Plus for FakeServer {
    type Error = Gone;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Gone> {
        self.note(Asked::InitiateAuthentication(request));
        self.initiate_authentication.clone()
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Gone> {
        self.note(Asked::AuthenticateClient(request));
        self.authenticate_client.clone()
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Gone> {
        self.note(Asked::GetBoundProfilePackage(request));
        self.get_bound_profile_package.clone()
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), Gone> {
        let seq_number = request.pending_notification.metadata().seq_number;
        self.note(Asked::HandleNotification(request));
        if self.refuses.contains(&seq_number) { Err(Gone) } else { Ok(()) }
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), Gone> {
        self.note(Asked::CancelSession(request));
        self.cancel_session.clone()
    }
}

/// A user who says what the test wants.
pub struct FakeUser {
    pub decision: Decision,
    pub code: Option<&'static str>,
    /// The profile names of the offers shown, with the number of rules that need consent.
    pub offers: Vec<(String, usize)>,
    pub asked_for_code: usize,
    pub progress: Vec<Progress>,
}

impl User for FakeUser {
    fn confirm(&mut self, offer: &Offer<'_>) -> Decision {
        let consent = offer.policy_rules.iter().filter(|rule| rule.consent_required).count();
        self.offers.push((offer.metadata.profile_name.to_string(), consent));
        self.decision
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        self.asked_for_code += 1;
        self.code.map(ConfirmationCode::new)
    }

    fn progress(&mut self, progress: Progress) {
        self.progress.push(progress);
    }
}

/// Keeps what is traced.
#[derive(Default)]
pub struct Memory(pub Mutex<Vec<Event>>);

impl Sink for Memory {
    fn emit(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

/// A download that succeeds, until a test changes something.
pub struct World {
    pub card: FakeCard,
    pub server: FakeServer,
    pub user: FakeUser,
    pub request: Request,
    pub trace: Arc<Memory>,
}

pub fn transaction_id() -> TransactionId {
    "0123456789ABCDEF".parse().unwrap()
}

pub fn other_transaction_id() -> TransactionId {
    "0123456789ABCDEE".parse().unwrap()
}

pub fn ci() -> SubjectKeyIdentifier {
    SubjectKeyIdentifier::new([0xF5; 20]).unwrap()
}

pub fn smdp_oid() -> ObjectIdentifier {
    ObjectIdentifier::new(vec![2, 999, 10]).unwrap()
}

pub fn metadata() -> StoreMetadataRequest {
    StoreMetadataRequest::new(
        "89000123456789012341".parse::<Iccid>().unwrap(),
        "Operator".parse().unwrap(),
        "Test profile".parse().unwrap(),
    )
}

impl World {
    pub fn new() -> Self {
        let mut card = FakeCard::default();
        card.data(0xBF20, der::encode(&euicc_info1()));
        card.data(0xBF2E, euicc_challenge());
        card.data(0xBF38, authenticate_server_response(&transaction_id()));
        card.data(0xBF21, prepare_download_response(&transaction_id()));
        card.set_cancel_session();
        card.data(0xBF2D, tlv::wrap(0xBF2D, &tlv::wrap(0xA0, &[])));
        card.data(0xBF43, tlv::wrap(0xBF43, &tlv::wrap(0xA0, &[])));
        let mut world = Self {
            card,
            server: server(),
            user: FakeUser {
                decision: Decision::Accept,
                code: None,
                offers: Vec::new(),
                asked_for_code: 0,
                progress: Vec::new(),
            },
            request: Request {
                smdp_address: SMDP_ADDRESS.parse().unwrap(),
                matching_id: "AB-12".to_owned(),
                smdp_oid: None,
                confirmation_code_required: false,
                device: Device {
                    tac: "35290611".parse().unwrap(),
                    imei: None,
                    capabilities: DeviceCapabilities::default(),
                },
            },
            trace: Arc::default(),
        };
        world.offer(&metadata());
        world.load_answers(1, success());
        world
    }

    /// The server offers this profile, and its package holds the same metadata.
    pub fn offer(&mut self, metadata: &StoreMetadataRequest) {
        let offer = self.server.authenticate_client.as_mut().unwrap();
        offer.profile_metadata = Raw::new(metadata.clone());
        self.package(&der::encode(metadata));
    }

    /// The package holds this StoreMetadata command, in one '88', and two segments '86'.
    pub fn package(&mut self, store_metadata: &[u8]) {
        self.set_package(bound_profile_package(store_metadata));
    }

    pub fn set_package(&mut self, package: Vec<u8>) {
        let answer = self.server.get_bound_profile_package.as_mut().unwrap();
        answer.bound_profile_package = asn1::BoundProfilePackageTlv::from_der(&package).unwrap();
    }

    /// The card takes `count` segments '86' without a word and answers the next with a result.
    pub fn load_answers(&mut self, count: usize, result: FinalResult) {
        for tag in [0xBF36, 0xA0, 0xA1, 0x88, 0xA2, 0x87, 0xA3] {
            self.card.data(tag, Vec::new());
        }
        let silent = std::iter::repeat_n(Answer::Data(Vec::new()), count);
        self.card.set(0x86, silent.chain([Answer::Data(installation_result(result))]));
    }

    pub fn require_code(&mut self) {
        let offer = self.server.authenticate_client.as_mut().unwrap();
        offer.smdp_signed2 = Raw::new(smdp_signed2(&transaction_id(), true));
    }

    pub fn download(&mut self) -> Result<Downloaded, Box<DownloadError<Gone>>> {
        let clock = Arc::new(FixedClock(Timestamp::from_unix_seconds(0)));
        let tracer = Tracer::new(Actor::Lpa, clock, self.trace.clone());
        let mut isd_r = IsdR::open(&mut self.card, Options::default(), tracer).unwrap();
        run(lpa::download(&mut isd_r, &self.server, &self.request, &mut self.user))
    }

    /// The reasons with which the card was told to cancel.
    pub fn card_cancellations(&self) -> Vec<CancelSessionReason> {
        let decode = |object: &&[u8]| der::decode::<asn1::CancelSessionRequest>(object).unwrap();
        let requests = self.card.received(0xBF41).iter().map(decode).collect::<Vec<_>>();
        assert!(requests.iter().all(|request| request.transaction_id == transaction_id()));
        requests.iter().map(|request| request.reason).collect()
    }
}

impl FakeCard {
    fn set_cancel_session(&mut self) {
        let signed = EuiccCancelSessionSigned {
            transaction_id: transaction_id(),
            smdp_oid: smdp_oid(),
            reason: CancelSessionReason::UNDEFINED_REASON,
            unknown: Unknown::none(),
        };
        let response = CancelSessionResponse::CancelSessionResponseOk(CancelSessionResponseOk {
            euicc_cancel_session_signed: Raw::new(signed),
            euicc_cancel_session_signature: signature(),
            unknown: Unknown::none(),
        });
        self.data(0xBF41, der::encode(&response));
    }
}

pub fn signature() -> asn1::SignatureTlv {
    asn1::SignatureTlv::new([0x51; 64]).unwrap()
}

/// Nobody reads it.
pub fn certificate() -> Certificate {
    Certificate::from_der(&[0x30, 0x03, 0x02, 0x01, 0x01]).unwrap()
}

/// A CERT.DPauth with the SM-DP+ OID 2.999.10.
pub fn dp_auth_certificate() -> Certificate {
    static CERTIFICATE: OnceLock<Certificate> = OnceLock::new();
    CERTIFICATE.get_or_init(|| server_certificate(Role::DpAuth)).clone()
}

/// A certificate of a server that signs.
pub fn server_certificate(role: Role) -> Certificate {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut workshop = Workshop::new(certs::UnixTime(1_795_318_860), &mut rng);
    let ci = workshop.certificate_issuer(crypto::Curve::P256).unwrap();
    let server = workshop.issue(&ci, &Holder::Server(role)).unwrap();
    Certificate::from_der(server.certificate().raw()).unwrap()
}

pub fn euicc_info1() -> EuiccInfo1 {
    EuiccInfo1 {
        svn: VersionType::new(2, 2, 0),
        euicc_ci_pk_id_list_for_verification: vec![ci()],
        euicc_ci_pk_id_list_for_signing: vec![ci()],
        unknown: Unknown::none(),
    }
}

pub fn euicc_info2() -> EuiccInfo2 {
    EuiccInfo2 {
        profile_version: VersionType::new(2, 3, 1),
        svn: VersionType::new(2, 2, 0),
        euicc_firmware_ver: VersionType::new(1, 0, 0),
        ext_card_resource: vec![0x81, 0x01, 0x00].into(),
        uicc_capability: UiccCapability::of([UiccCapability::USIM_SUPPORT]),
        ts102241_version: None,
        globalplatform_version: None,
        rsp_capability: RspCapability::of([RspCapability::ADDITIONAL_PROFILE]),
        euicc_ci_pk_id_list_for_verification: vec![ci()],
        euicc_ci_pk_id_list_for_signing: vec![ci()],
        euicc_category: None,
        forbidden_profile_policy_rules: None,
        pp_version: VersionType::new(1, 0, 0),
        sas_acreditation_number: "none".parse().unwrap(),
        certification_data_object: None,
        tre_properties: None,
        tre_product_reference: None,
        additional_euicc_profile_package_versions: None,
        unknown: Unknown::none(),
    }
}

fn euicc_challenge() -> Vec<u8> {
    let response =
        GetEuiccChallengeResponse { euicc_challenge: Octet16::from([0xCC; 16]), unknown: Unknown::none() };
    der::encode(&response)
}

pub fn authenticate_server_response(transaction_id: &TransactionId) -> Vec<u8> {
    let context = CtxParams1::CtxParamsForCommonAuthentication(CtxParamsForCommonAuthentication {
        matching_id: Some("AB-12".to_owned()),
        device_info: DeviceInfo {
            tac: [0; 4].into(),
            device_capabilities: DeviceCapabilities::default(),
            imei: None,
            unknown: Unknown::none(),
        },
        unknown: Unknown::none(),
    });
    let signed = EuiccSigned1 {
        transaction_id: transaction_id.clone(),
        server_address: SMDP_ADDRESS.to_owned(),
        server_challenge: Octet16::from([0x5C; 16]),
        euicc_info2: euicc_info2(),
        ctx_params1: Raw::new(context),
        unknown: Unknown::none(),
    };
    der::encode(&AuthenticateServerResponse::AuthenticateResponseOk(AuthenticateResponseOk {
        euicc_signed1: Raw::new(signed),
        euicc_signature1: signature(),
        euicc_certificate: certificate(),
        eum_certificate: certificate(),
        unknown: Unknown::none(),
    }))
}

pub fn prepare_download_response(transaction_id: &TransactionId) -> Vec<u8> {
    let signed = EuiccSigned2 {
        transaction_id: transaction_id.clone(),
        euicc_otpk: asn1::Otpk::new([0x04; 65]).unwrap(),
        hash_cc: None,
        unknown: Unknown::none(),
    };
    der::encode(&PrepareDownloadResponse::DownloadResponseOk(PrepareDownloadResponseOk {
        euicc_signed2: Raw::new(signed),
        euicc_signature2: signature(),
        unknown: Unknown::none(),
    }))
}

pub fn server_signed1(transaction_id: &TransactionId, address: &str) -> Raw<ServerSigned1> {
    Raw::new(ServerSigned1 {
        transaction_id: transaction_id.clone(),
        euicc_challenge: Octet16::from([0xCC; 16]),
        server_address: address.to_owned(),
        server_challenge: Octet16::from([0x5C; 16]),
        unknown: Unknown::none(),
    })
}

pub fn smdp_signed2(transaction_id: &TransactionId, cc_required_flag: bool) -> SmdpSigned2 {
    SmdpSigned2 {
        transaction_id: transaction_id.clone(),
        cc_required_flag,
        bpp_euicc_otpk: None,
        unknown: Unknown::none(),
    }
}

pub fn server() -> FakeServer {
    let id = transaction_id();
    FakeServer {
        initiate_authentication: Ok(InitiateAuthenticationOkEs9 {
            transaction_id: id.clone(),
            server_signed1: server_signed1(&id, SMDP_ADDRESS),
            server_signature1: signature(),
            euicc_ci_pk_id_to_be_used: ci(),
            server_certificate: dp_auth_certificate(),
            unknown: Unknown::none(),
        }),
        authenticate_client: Ok(AuthenticateClientOk {
            transaction_id: id.clone(),
            profile_metadata: Raw::new(metadata()),
            smdp_signed2: Raw::new(smdp_signed2(&id, false)),
            smdp_signature2: signature(),
            smdp_certificate: certificate(),
            unknown: Unknown::none(),
        }),
        get_bound_profile_package: Ok(GetBoundProfilePackageOk {
            transaction_id: id,
            bound_profile_package: asn1::BoundProfilePackageTlv::from_der(&bound_profile_package(&[]))
                .unwrap(),
            unknown: Unknown::none(),
        }),
        cancel_session: Ok(()),
        refuses: Vec::new(),
        asked: Arc::default(),
    }
}

/// A package of the right outer structure (SGP.22 §2.5.4); only its '88' means something.
pub fn bound_profile_package(store_metadata: &[u8]) -> Vec<u8> {
    let segment88 = [store_metadata, &[0xEE; 8]].concat();
    let body = [
        tlv::wrap(0xBF23, &[0x82, 0x01, 0x01]),
        tlv::wrap(0xA0, &tlv::wrap(0x87, &[0x87; 24])),
        tlv::wrap(0xA1, &tlv::wrap(0x88, &segment88)),
        tlv::wrap(0xA3, &[tlv::wrap(0x86, &[0x86; 600]), tlv::wrap(0x86, &[0x86; 24])].concat()),
    ];
    tlv::wrap(0xBF36, &body.concat())
}

pub fn success() -> FinalResult {
    FinalResult::SuccessResult(SuccessResult {
        aid: Aid::new(ISDP_AID).unwrap(),
        sima_response: SimaResponse::new([0x30, 0x00]).unwrap(),
        unknown: Unknown::none(),
    })
}

pub fn error_result(command: asn1::BppCommandId, reason: asn1::ErrorReason) -> FinalResult {
    FinalResult::ErrorResult(ErrorResult {
        bpp_command_id: command,
        error_reason: reason,
        sima_response: None,
        unknown: Unknown::none(),
    })
}

pub fn installation_result(final_result: FinalResult) -> Vec<u8> {
    der::encode(&profile_installation_result(7, SMDP_ADDRESS, final_result))
}

pub fn profile_installation_result(
    seq_number: u64,
    address: &str,
    final_result: FinalResult,
) -> ProfileInstallationResult {
    let data = ProfileInstallationResultData {
        transaction_id: transaction_id(),
        notification_metadata: NotificationMetadata {
            seq_number,
            profile_management_operation: NotificationEvent::of([NotificationEvent::INSTALL]),
            notification_address: address.to_owned(),
            iccid: Some(metadata().iccid),
            unknown: Unknown::none(),
        },
        smdp_oid: smdp_oid(),
        final_result,
        unknown: Unknown::none(),
    };
    ProfileInstallationResult {
        profile_installation_result_data: Raw::new(data),
        euicc_sign_pir: signature(),
        unknown: Unknown::none(),
    }
}
