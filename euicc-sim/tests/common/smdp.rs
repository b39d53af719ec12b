//! An SM-DP+ that signs whatever it is told to.

use asn1::tlv;
use asn1::{AuthenticateServerResponse, PrepareDownloadResponse};
use certs::tree::Pki;
use certs::{Identity, Role, Variant};
use crypto::scp03t::{Kind, Protector, SessionKeys};
use crypto::{Curve, Engine, OneTimeKey, PublicKey, SigningKey};

use super::{EID, Terminal, euicc_key, hex, pki};

pub const ADDRESS: &str = "smdp.example.com";
pub const TRANSACTION_ID: [u8; 16] = [0x5A; 16];

/// ctxParams1 as most LPAs send it: an empty MatchingID, a TAC, no capabilities.
pub const CTX_PARAMS_1: &str = "A00C 8000 A108 8004 35290611 A100";

/// A server identity of the test PKI.
pub fn identity(pki: &Pki, curve: Curve, role: Role) -> Identity {
    pki.chain(Variant::O, curve).unwrap().identity(role, Engine::RustCrypto).unwrap()
}

/// The key identifier of the test CI on a curve.
pub fn ci_pk_id(curve: Curve) -> Vec<u8> {
    let ci = pki().chain(Variant::O, curve).unwrap().certificate(Role::Ci).unwrap();
    ci.subject_key_identifier().unwrap().bytes().to_vec()
}

pub fn flip(bytes: &mut [u8], index: usize) {
    bytes[index] ^= 0x01;
}

/// What AuthenticateServer is made from.
#[derive(Clone)]
pub struct Authentication {
    pub transaction_id: Vec<u8>,
    pub euicc_challenge: Vec<u8>,
    pub server_address: String,
    pub key: SigningKey,
    pub certificate: Vec<u8>,
    pub euicc_ci_pk_id: Vec<u8>,
    pub ctx_params1: Vec<u8>,
    pub spoil_signature: bool,
}

impl Authentication {
    pub fn new(curve: Curve, challenge: &[u8]) -> Self {
        let server = identity(pki(), curve, Role::DpAuth);
        Self {
            transaction_id: TRANSACTION_ID.to_vec(),
            euicc_challenge: challenge.to_vec(),
            server_address: ADDRESS.to_owned(),
            key: server.key().clone(),
            certificate: server.certificate().raw().to_vec(),
            euicc_ci_pk_id: ci_pk_id(curve),
            ctx_params1: hex(CTX_PARAMS_1),
            spoil_signature: false,
        }
    }

    pub fn with(mut self, identity: &Identity) -> Self {
        self.key = identity.key().clone();
        self.certificate = identity.certificate().raw().to_vec();
        self
    }

    /// The command object.
    pub fn command(&self) -> Vec<u8> {
        let mut signed = tlv::wrap(0x80, &self.transaction_id);
        signed.extend(tlv::wrap(0x81, &self.euicc_challenge));
        signed.extend(tlv::wrap(0x83, self.server_address.as_bytes()));
        signed.extend(tlv::wrap(0x84, &[0xC5; 16]));
        let signed = tlv::wrap(0x30, &signed);
        let mut signature = *self.key.sign(&signed).unwrap().as_bytes();
        if self.spoil_signature {
            flip(&mut signature, 40);
        }
        let mut members = signed;
        members.extend(tlv::wrap(0x5F37, &signature));
        members.extend(tlv::wrap(0x04, &self.euicc_ci_pk_id));
        members.extend_from_slice(&self.certificate);
        members.extend_from_slice(&self.ctx_params1);
        tlv::wrap(0xBF38, &members)
    }
}

/// euiccSignature1 of a successful response.
pub fn euicc_signature1(response: &[u8]) -> Vec<u8> {
    match asn1::der::decode(response).unwrap() {
        AuthenticateServerResponse::AuthenticateResponseOk(ok) => ok.euicc_signature1.bytes().to_vec(),
        error => panic!("{error:?}"),
    }
}

/// What PrepareDownload is made from.
#[derive(Clone)]
pub struct Preparation {
    pub transaction_id: Vec<u8>,
    pub cc_required: bool,
    pub bpp_euicc_otpk: Option<Vec<u8>>,
    pub hash_cc: Option<Vec<u8>>,
    pub euicc_signature1: Vec<u8>,
    pub key: SigningKey,
    pub certificate: Vec<u8>,
    pub spoil_signature: bool,
}

impl Preparation {
    pub fn new(curve: Curve, euicc_signature1: Vec<u8>) -> Self {
        let server = identity(pki(), curve, Role::DpPb);
        Self {
            transaction_id: TRANSACTION_ID.to_vec(),
            cc_required: false,
            bpp_euicc_otpk: None,
            hash_cc: None,
            euicc_signature1,
            key: server.key().clone(),
            certificate: server.certificate().raw().to_vec(),
            spoil_signature: false,
        }
    }

    pub fn with(mut self, identity: &Identity) -> Self {
        self.key = identity.key().clone();
        self.certificate = identity.certificate().raw().to_vec();
        self
    }

    pub fn command(&self) -> Vec<u8> {
        self.signed_command().0
    }

    /// The command object, and smdpSignature2 in it.
    pub fn signed_command(&self) -> (Vec<u8>, Vec<u8>) {
        let mut signed2 = tlv::wrap(0x80, &self.transaction_id);
        signed2.extend(tlv::wrap(0x01, &[if self.cc_required { 0xFF } else { 0 }]));
        if let Some(otpk) = &self.bpp_euicc_otpk {
            signed2.extend(tlv::wrap(0x5F49, otpk));
        }
        let signed2 = tlv::wrap(0x30, &signed2);
        let signed = [signed2.clone(), tlv::wrap(0x5F37, &self.euicc_signature1)].concat();
        let mut signature = *self.key.sign(&signed).unwrap().as_bytes();
        if self.spoil_signature {
            flip(&mut signature, 3);
        }
        let mut members = signed2;
        members.extend(tlv::wrap(0x5F37, &signature));
        if let Some(hash_cc) = &self.hash_cc {
            members.extend(tlv::wrap(0x04, hash_cc));
        }
        members.extend_from_slice(&self.certificate);
        (tlv::wrap(0xBF21, &members), signature.to_vec())
    }
}

/// otPK.EUICC.ECKA of a successful response.
pub fn euicc_otpk(response: &[u8]) -> Vec<u8> {
    match asn1::der::decode(response).unwrap() {
        PrepareDownloadResponse::DownloadResponseOk(ok) => ok.euicc_signed2.euicc_otpk.bytes().to_vec(),
        error => panic!("{error:?}"),
    }
}

/// What a Bound Profile Package is made from.
pub struct Binding {
    pub curve: Curve,
    pub transaction_id: Vec<u8>,
    pub remote_op_id: u8,
    pub key_type: u8,
    pub key_length: u8,
    pub host_id: Vec<u8>,
    pub eid: [u8; 16],
    pub euicc_otpk: Vec<u8>,
    pub smdp_otpk: Option<Vec<u8>>,
    pub key: SigningKey,
    pub spoil_signature: bool,
    pub configure_isdp: Vec<u8>,
    /// One or more pieces, each in an '88'.
    pub metadata: Vec<Vec<u8>>,
    pub replace_session_keys: Option<Vec<u8>>,
    pub package: Vec<u8>,
    /// Bytes of the package in one '86'.
    pub piece: usize,
}

/// The segments of SGP.22 §2.5.5.
pub type Segments = Vec<Vec<u8>>;

impl Binding {
    pub fn new(curve: Curve, euicc_otpk: Vec<u8>) -> Self {
        Self {
            curve,
            transaction_id: TRANSACTION_ID.to_vec(),
            remote_op_id: 1,
            key_type: 0x88,
            key_length: 0x10,
            host_id: b"smdp.example.com".to_vec(),
            eid: EID,
            euicc_otpk,
            smdp_otpk: None,
            key: identity(pki(), curve, Role::DpPb).key().clone(),
            spoil_signature: false,
            configure_isdp: hex("BF2400"),
            metadata: vec![super::package::metadata()],
            replace_session_keys: None,
            package: super::package::package(),
            piece: 200,
        }
    }

    fn one_time_key(&self) -> OneTimeKey {
        let mut scalar = [0; 32];
        scalar.iter_mut().zip(1..).for_each(|(byte, number)| *byte = number);
        OneTimeKey::from_scalar(Engine::RustCrypto, self.curve, &scalar).unwrap()
    }

    pub fn initialise_secure_channel(&self) -> Vec<u8> {
        let mut template = tlv::wrap(0x80, &[self.key_type]);
        template.extend(tlv::wrap(0x81, &[self.key_length]));
        template.extend(tlv::wrap(0x84, &self.host_id));
        let otpk = self.smdp_otpk.clone().unwrap_or(self.one_time_key().public_key().point().to_vec());
        let mut members = tlv::wrap(0x82, &[self.remote_op_id]);
        members.extend(tlv::wrap(0x80, &self.transaction_id));
        members.extend(tlv::wrap(0xA6, &template));
        members.extend(tlv::wrap(0x5F49, &otpk));
        let signed = [members.clone(), tlv::wrap(0x5F49, &self.euicc_otpk)].concat();
        let mut signature = *self.key.sign(&signed).unwrap().as_bytes();
        if self.spoil_signature {
            flip(&mut signature, 63);
        }
        members.extend(tlv::wrap(0x5F37, &signature));
        tlv::wrap(0xBF23, &members)
    }

    pub fn segments(&self) -> Segments {
        let euicc_otpk = PublicKey::from_point(self.curve, &self.euicc_otpk).unwrap();
        let secret = self.one_time_key().agree(&euicc_otpk).unwrap();
        let keys = SessionKeys::derive(&secret, &self.host_id, &self.eid);
        // A host id that cannot be used never gets as far as a secure channel.
        let keys = keys.unwrap_or(ppk());
        let mut protector = Protector::new(keys);

        let mut segments = vec![self.initialise_secure_channel()];
        let configure = protector.protect(Kind::Encrypted87, &self.configure_isdp);
        segments.push(tlv::wrap(0xA0, &configure));
        let metadata: Segments =
            self.metadata.iter().map(|piece| protector.protect(Kind::MacOnly88, piece)).collect();
        segments.extend(list(0xA1, metadata));
        if let Some(replace) = &self.replace_session_keys {
            segments.push(tlv::wrap(0xA2, &protector.protect(Kind::Encrypted87, replace)));
            protector.replace_keys(ppk());
        }
        let pieces = self.package.chunks(self.piece);
        segments
            .extend(list(0xA3, pieces.map(|piece| protector.protect(Kind::Encrypted86, piece)).collect()));

        let header = outer_header(segments.iter().map(Vec::len).sum());
        segments[0].splice(0..0, header);
        segments
    }
}

/// The header of a list as a segment of its own, then its elements.
fn list(tag: u32, elements: Segments) -> Segments {
    let mut header = Vec::new();
    tlv::write_header(&mut header, tlv::Tag(tag), elements.iter().map(Vec::len).sum());
    [vec![header], elements].concat()
}

pub fn outer_header(length: usize) -> Vec<u8> {
    let mut header = Vec::new();
    tlv::write_header(&mut header, tlv::Tag(0xBF36), length);
    header
}

/// Profile protection keys.
pub fn ppk() -> SessionKeys {
    SessionKeys { mac_chaining_value: [0x10; 16], s_enc: [0x20; 16], s_mac: [0x30; 16] }
}

/// ReplaceSessionKeys with keys of this length.
pub fn replace_session_keys(length: usize) -> Vec<u8> {
    let keys = ppk();
    let member = |tag, key: [u8; 16]| tlv::wrap(tag, &key.repeat(2)[..length]);
    let members =
        [member(0x80, keys.mac_chaining_value), member(0x81, keys.s_enc), member(0x82, keys.s_mac)].concat();
    tlv::wrap(0xBF26, &members)
}

/// A card and its SM-DP+ right before the package.
pub struct Download {
    pub terminal: Terminal,
    pub curve: Curve,
    pub euicc_otpk: Vec<u8>,
}

impl Download {
    pub fn prepare(terminal: Terminal, curve: Curve) -> Self {
        let mut download = Self { terminal, curve, euicc_otpk: Vec::new() };
        download.again();
        download
    }

    /// Another session on the same card.
    pub fn again(&mut self) {
        let signature1 = authenticate(&mut self.terminal, self.curve);
        let response = self.terminal.ok(&Preparation::new(self.curve, signature1).command());
        self.euicc_otpk = euicc_otpk(&response);
    }

    pub fn binding(&self) -> Binding {
        Binding::new(self.curve, self.euicc_otpk.clone())
    }

    /// Loads segments until one is answered with data or refused.
    pub fn load(&mut self, segments: &Segments) -> (Vec<u8>, u16) {
        for segment in segments {
            let (data, status) = self.terminal.es10(segment);
            if !data.is_empty() || status != 0x9000 {
                return (data, status);
            }
        }
        (Vec::new(), 0x9000)
    }

    /// Loads a package that is installed.
    pub fn install(&mut self, binding: &Binding) -> Vec<u8> {
        let (data, status) = self.load(&binding.segments());
        assert_eq!(status, 0x9000);
        let result = installation_result(&data, self.curve);
        let success = matches!(result.final_result, asn1::FinalResult::SuccessResult(_));
        assert!(success, "{result:?}");
        data
    }

    /// Loads a package that fails: bppCommandId and errorReason.
    pub fn fail(&mut self, segments: &Segments) -> (i64, i64) {
        let (data, status) = self.load(segments);
        assert_eq!(status, 0x9000);
        error(&data, self.curve)
    }
}

/// AuthenticateServer as it should be: euiccSignature1.
pub fn authenticate(terminal: &mut Terminal, curve: Curve) -> Vec<u8> {
    let challenge = terminal.challenge();
    euicc_signature1(&terminal.ok(&Authentication::new(curve, &challenge).command()))
}

/// A Profile Installation Result whose signature is good.
pub fn installation_result(bytes: &[u8], curve: Curve) -> asn1::ProfileInstallationResultData {
    let result: asn1::ProfileInstallationResult = asn1::der::decode(bytes).unwrap();
    let signature = crypto::Signature::from_bytes(result.euicc_sign_pir.bytes()).unwrap();
    let data = result.profile_installation_result_data;
    euicc_key(curve).verify(Engine::RustCrypto, data.bytes(), &signature).unwrap();
    data.into_value()
}

/// bppCommandId and errorReason of a result.
pub fn error(bytes: &[u8], curve: Curve) -> (i64, i64) {
    match installation_result(bytes, curve).final_result {
        asn1::FinalResult::ErrorResult(error) => (error.bpp_command_id.value(), error.error_reason.value()),
        success => panic!("{success:?}"),
    }
}
