//! Ten thousand mutated messages for every decoder: none panics, what decodes encodes to the same bytes, and memory
//! stays within a bound that depends on the input alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking and printing"
)]

mod support;

use asn1::*;
use peak_alloc::PeakAlloc;
use support::object;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Mutations of each sample.
const ROUNDS: u64 = 10_000;
/// What decoding may hold at most: so many bytes for each byte of input (an empty ProfileInfo of two bytes becomes a value
/// of several hundred) …
const PER_BYTE: usize = 512;
/// … and so many in any case.
const ALWAYS: usize = 16 * 1024;

/// Runs one block for every top-level type and a sample of it.
macro_rules! with_every_decoder {
    ($run:ident, { $($type:ty: $sample:expr;)+ }) => {
        $($run::<$type>(stringify!($type), &object($sample));)+
        const DECODERS: usize = [$(stringify!($type)),+].len();
        println!("{DECODERS} decoders");
    };
}

/// SplitMix64: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        let to = (from + 1 + self.below(16)).min(length);
        from.min(to)..to
    }
}

/// Where the tag and the length of every TLV stand.
fn headers(bytes: &[u8], offset: usize, out: &mut Vec<std::ops::Range<usize>>) {
    let mut at = 0;
    for tlv in tlv::children(bytes).map_while(Result::ok) {
        let header = tlv.raw.len() - tlv.value.len();
        out.push(offset + at..offset + at + header);
        if tlv.tag.is_constructed() {
            headers(tlv.value, offset + at + header, out);
        }
        at += tlv.raw.len();
    }
}

fn mutate(sample: &[u8], headers: &[std::ops::Range<usize>], random: &mut Random) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..=random.below(3) {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match random.below(9) {
            0 => bytes[random.below(length)] ^= 1 << random.below(8),
            1 => bytes.truncate(random.below(length)),
            2 => {
                let range = random.range(length);
                let copy = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, copy);
            }
            3 => {
                let range = random.range(length);
                bytes.drain(range);
            }
            4 => {
                let at = random.below(length + 1);
                let inserted: Vec<u8> = (0..=random.below(6)).map(|_| random.next() as u8).collect();
                bytes.splice(at..at, inserted);
            }
            5 => {
                // A length field, or what was one before an earlier mutation, slightly or wildly wrong.
                let header = headers[random.below(headers.len())].clone();
                if let Some(octet) = bytes.get_mut(header.end - 1) {
                    let wild = [0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x85, 0xFF];
                    *octet = match random.below(3) {
                        0 => octet.wrapping_add(1),
                        1 => octet.wrapping_sub(1),
                        _ => wild[random.below(wild.len())],
                    };
                }
            }
            6 => {
                // A tag.
                let header = headers[random.below(headers.len())].clone();
                let tags = [0x30, 0xA0, 0xA1, 0x80, 0x04, 0x02, 0x1F, 0xBF, 0x5F, 0x00];
                if let Some(octet) = bytes.get_mut(header.start) {
                    *octet = tags[random.below(tags.len())];
                }
            }
            7 => {
                // A whole TLV twice, the lengths around it left as they are or put right.
                let header = headers[random.below(headers.len())].clone();
                if let Some((tlv, _)) = bytes.get(header.start..).and_then(|rest| tlv::read(rest).ok()) {
                    let twice = tlv.raw.to_vec();
                    bytes.splice(header.start..header.start, twice);
                }
            }
            _ => {
                // One more member at the end of the object, lengths right: often still valid.
                if let Ok((tlv, _)) = tlv::read(&bytes) {
                    let extra = tlv::wrap(
                        [0x80, 0x9F70, 0xBF76, 0x0C, 0x30][random.below(5)],
                        &[0; 3][..random.below(4)],
                    );
                    bytes = tlv::wrap(tlv.tag.0, &[tlv.value, &extra].concat());
                }
            }
        }
    }
    bytes
}

fn decode_mutated<T: rasn::Decode + rasn::Encode + std::fmt::Debug>(name: &str, sample: &[u8]) {
    support::golden::<T>(sample);
    let mut places = Vec::new();
    headers(sample, 0, &mut places);
    let seed = name.bytes().fold(7, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte));
    let mut random = Random(seed);
    let mut accepted = 0;
    for round in 0..ROUNDS {
        let bytes = mutate(sample, &places, &mut random);
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage();
        let decoded = der::decode::<T>(&bytes);
        let peak = ALLOCATOR.peak_usage().saturating_sub(before);
        assert!(peak <= ALWAYS + PER_BYTE * bytes.len(), "{name}: {peak} bytes for {}", bytes.len());
        if let Ok(value) = decoded {
            accepted += 1;
            assert_eq!(der::encode(&value), bytes, "{name}");
            assert!(!format!("{value:?}").is_empty());
        }
        if round % 16 == 0 {
            assert!(bytes.is_empty() || !dump::display(&bytes).is_empty());
        }
    }
    assert!(accepted > 0 && accepted < ROUNDS, "{name}: {accepted} of {ROUNDS} accepted");
}

const ID: &str = "80:0102030405060708";
const SIGNATURE: &str = "5F37:000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\
                         202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F";
const CERTIFICATE: &str = "30{30{A0{02:02} 02:01 30{06:2A8648CE3D040302}} 30{06:2A8648CE3D040302} 03:00AABB}";
const CHALLENGE: &str = "00112233445566778899AABBCCDDEEFF";
const ICCID: &str = "5A:98001032547698103214";
const OTPK: &str = "5F49:04515C3D6EB9E396B904D3FECA7F54FDCD0CC1E997BF375DCA515AD0A6C3B4035F\
                    4536BE3A50F318FBF9A5475902A221502BEF0D57E08C53B2CC0A56F17D9F9354";

// One test: the allocator counts for the whole process.
#[test]
fn no_mutated_message_panics_or_costs_more_than_its_size_allows() {
    let lists = format!("A9{{04:{CHALLENGE}00000000}} AA{{04:{CHALLENGE}00000000}}");
    let info1 = format!("BF20{{82:020200 {lists}}}");
    let info2 = format!(
        "BF22{{81:020301 82:020202 83:010203 84:810100820400080000830400000B89 85:077F3E1F80 86:090200 87:020300 88:0490
         {lists} 8B:00 99:0640 04:010000 0C:45442D5A49 AC{{80:312E32 81:68747470733A2F2F61}} 8D:0640 8E:61 AF{{04:020300}} 90:00}}"
    );
    let ctx = "A0{80:4D41544348494E472D31 A1{80:35290611 A1{80:050000 81:080000 85:090000 88:0F0000} 82:352906110000000F}}";
    let signed1 = format!("30{{{ID} 81:{CHALLENGE} 83:736D64702E6578616D706C65 84:{CHALLENGE}}}");
    let euicc_signed1 = format!("30{{{ID} 83:736D64702E6578616D706C65 84:{CHALLENGE} {info2} {ctx}}}");
    let server_ok = format!("A0{{{euicc_signed1} {SIGNATURE} {CERTIFICATE} {CERTIFICATE}}}");
    let signed2 = format!("30{{{ID} 01:FF {OTPK}}}");
    let euicc_signed2 = format!("30{{{ID} {OTPK} 04:{CHALLENGE}{CHALLENGE}}}");
    let download_ok = format!("A0{{{euicc_signed2} {SIGNATURE}}}");
    let cancel_signed = format!("30{{{ID} 81:88370A 82:01}}");
    let cancel_ok = format!("A0{{{cancel_signed} {SIGNATURE}}}");
    let metadata = format!(
        "BF25{{{ICCID} 91:53504E BF76{{E2{{E1{{C1:00}}}}}} 92:4E616D65 93:01 94:89504E47 95:02
         B6{{30{{80:0780 81:612E74657374}} 30{{80:0410 81:62}}}} B7{{80:42F618 81:FF}} 99:0560 BF22{{30{{80:88370A A1{{0C:78}}}}}} BF23{{}} 9F21:4000}}"
    );
    let notification = format!("BF2F{{80:0080 81:0780 0C:736D64702E6578616D706C65 {ICCID}}}");
    let pir_data = format!(
        "BF27{{{ID} {notification} 06:88370A A2{{A0{{4F:A0000005591010FFFFFFFF8900001100 04:3007A0053003800100}}}}}}"
    );
    let pir = format!("BF37{{{pir_data} {SIGNATURE}}}");
    let failed =
        format!("BF37{{BF27{{{ID} {notification} 06:88370A A2{{A1{{80:05 81:0C 82:3000}}}}}} {SIGNATURE}}}");
    let other = format!("30{{{notification} {SIGNATURE} {CERTIFICATE} {CERTIFICATE}}}");
    let crt = "A6{80:88 81:10 84:686F7374}";
    let channel = format!("BF23{{82:01 {ID} {crt} {OTPK} {SIGNATURE}}}");
    let package = format!(
        "BF36{{{channel} A0{{87:{CHALLENGE}}} A1{{88:{CHALLENGE} 88:AABB}} A2{{87:{CHALLENGE}}} A3{{86:{CHALLENGE} 86:{CHALLENGE}}}}}"
    );
    let authenticated = format!("A0{{{ID} {metadata} {signed2} {SIGNATURE} {CERTIFICATE}}}");
    let initiated = format!("30{{{ID} {signed1} {SIGNATURE} 04:{CHALLENGE}00000000 {CERTIFICATE}}}");
    let initiate = format!("BF39{{81:{CHALLENGE} 83:736D6470 {info1}}}");
    let rat = "A0{30{80:0560 A1{30{80:EEEEEE 81: 82:} 30{80:00F110}} 82:0780}}";
    let info = format!(
        "E3{{{ICCID} 4F:A0000005591010 9F70:01 90:6E69636B 91:53 BF76{{}} 92:4E 93:00 94:FF 95:02 B6{{}} B7{{80:00F110}} B8{{80:88370A 81:01}} 99:0640 BF22{{}} 9F24:00}}"
    );

    with_every_decoder!(decode_mutated, {
        EuiccInfo1: &info1;
        EuiccInfo2: &info2;
        DeviceInfo: "30{80:35290611 A1{80:050000 8C:0480 8D:01 AE{80:010000 81:88370A}} 82:352906110000000F A3{0C:656E}}";
        FileControlInformation: "6F{84:A0000005591010FFFFFFFF8900000100 A5{9F65:FF} E0{82:020200 03:0520} E1{80:06C0}}";
        IsdrProprietaryApplicationTemplate: "E0{82:020200 03:0520}";
        Certificate: CERTIFICATE;
        BoundProfilePackageTlv: &package;
        BoundProfilePackage: &package;
        InitialiseSecureChannelRequest: &channel;
        ConfigureIsdpRequest: "BF24{B8{80:88370A 81:010203}}";
        StoreMetadataRequest: &metadata;
        ReplaceSessionKeysRequest: &format!("BF26{{80:{CHALLENGE} 81:{CHALLENGE} 82:{CHALLENGE}}}");
        UpdateMetadataRequest: "BF2A{91:4F74 92:4E 93:00 94:FF 99:0520 BF22{30{80:88370A A1{0C:78}}}}";
        AuthenticateServerRequest: &format!("BF38{{{signed1} {SIGNATURE} 04:{CHALLENGE}00000000 {CERTIFICATE} {ctx}}}");
        ServerSigned1: &signed1;
        CtxParams1: ctx;
        AuthenticateServerResponse: &format!("BF38{{{server_ok}}}");
        AuthenticateResponseError: &format!("30{{{ID} 02:07}}");
        EuiccSigned1: &euicc_signed1;
        PrepareDownloadRequest: &format!("BF21{{{signed2} {SIGNATURE} 04:{CHALLENGE}{CHALLENGE} {CERTIFICATE}}}");
        SmdpSigned2: &signed2;
        PrepareDownloadResponse: &format!("BF21{{{download_ok}}}");
        EuiccSigned2: &euicc_signed2;
        CancelSessionRequest: &format!("BF41{{{ID} 81:00}}");
        CancelSessionResponse: &format!("BF41{{{cancel_ok}}}");
        EuiccCancelSessionSigned: &cancel_signed;
        GetEuiccChallengeRequest: "BF2E{}";
        GetEuiccChallengeResponse: &format!("BF2E{{80:{CHALLENGE}}}");
        GetEuiccInfo1Request: "BF20{}";
        GetEuiccInfo2Request: "BF22{}";
        ListNotificationRequest: "BF28{81:0780}";
        ListNotificationResponse: &format!("BF28{{A0{{{notification} {notification}}}}}");
        RetrieveNotificationsListRequest: "BF2B{A0{80:0080}}";
        RetrieveNotificationsListResponse: &format!("BF2B{{A0{{{pir} {other}}}}}");
        NotificationSentRequest: "BF30{80:0080}";
        NotificationSentResponse: "BF30{80:01}";
        NotificationMetadata: &notification;
        PendingNotification: &other;
        OtherSignedNotification: &other;
        ProfileInstallationResult: &failed;
        ProfileInstallationResultData: &pir_data;
        LoadCrlRequest: "BF35{A0{30{02:0102}}}";
        LoadCrlResponse: "BF35{A0{A0{02:02 02:03}}}";
        GetRatRequest: "BF43{}";
        GetRatResponse: &format!("BF43{{{rat}}}");
        LpaeActivationRequest: "BF42{80:0780}";
        LpaeActivationResponse: "BF42{80:01}";
        EuiccConfiguredAddressesRequest: "BF3C{}";
        EuiccConfiguredAddressesResponse: "BF3C{80:612E74657374 81:622E74657374 83:00}";
        SetDefaultDpAddressRequest: "BF3F{80:612E74657374}";
        SetDefaultDpAddressResponse: "BF3F{80:00}";
        ProfileInfoListRequest: &format!("BF2D{{A0{{{ICCID}}} 5C:5A909F70}}");
        ProfileInfoListResponse: &format!("BF2D{{A0{{{info} {info}}}}}");
        ProfileInfo: &info;
        EnableProfileRequest: &format!("BF31{{A0{{{ICCID}}} 81:FF 82:01}}");
        EnableProfileResponse: "BF31{80:00}";
        DisableProfileRequest: "BF32{A0{4F:A0000005591010FFFFFFFF8900001100} 81:01}";
        DisableProfileResponse: "BF32{80:00}";
        DeleteProfileRequest: &format!("BF33{{{ICCID}}}");
        DeleteProfileResponse: "BF33{80:00}";
        EuiccMemoryResetRequest: "BF34{82:05E0}";
        EuiccMemoryResetResponse: "BF34{80:00}";
        GetEuiccDataRequest: "BF3E{5C:5A}";
        GetEuiccDataResponse: &format!("BF3E{{5A:{CHALLENGE}}}");
        SetNicknameRequest: &format!("BF29{{{ICCID} 90:6E69636B}}");
        SetNicknameResponse: "BF29{80:00}";
        InitiateAuthenticationRequest: &initiate;
        InitiateAuthenticationOkEs9: &initiated;
        AuthenticateClientRequest: &format!("BF3B{{{ID} BF38{{{server_ok}}} 05:}}");
        AuthenticateClientResponseEs9: &format!("BF3B{{{authenticated}}}");
        GetBoundProfilePackageRequest: &format!("BF3A{{{ID} BF21{{{download_ok}}}}}");
        GetBoundProfilePackageResponse: &format!("BF3A{{A0{{{ID} {package}}}}}");
        HandleNotification: &format!("BF3D{{A0{{{pir}}}}}");
        CancelSessionRequestEs9: &format!("BF41{{{ID} A1{{{cancel_ok}}}}}");
        CancelSessionResponseEs9: "BF41{A0{}}";
        AuthenticateClientResponseEs11: &format!("BF40{{A0{{{ID} A1{{30{{80:455631 81:622E7465}}}}}}}}");
        RemoteProfileProvisioningRequest: &format!("A2{{{initiate}}}");
        RemoteProfileProvisioningResponse: &format!("A2{{BF3B{{{authenticated}}}}}");
    });

    // The worst case for memory: as many and as small elements as the limits allow, of the largest type.
    let bytes = tlv::wrap(0xBF2D, &tlv::wrap(0xA0, &object("E3{}").repeat(19_998)));
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let list = der::decode::<ProfileInfoListResponse>(&bytes);
    let peak = ALLOCATOR.peak_usage() - before;
    assert!(list.is_ok());
    assert!(peak <= ALWAYS + PER_BYTE * bytes.len(), "{peak} bytes for {}", bytes.len());
    assert!(peak < 32 << 20, "{peak} bytes");
}
