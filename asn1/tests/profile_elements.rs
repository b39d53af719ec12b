//! Profile packages: those of the reference data decode and re-encode to the same bytes, and what the format does not
//! allow is refused with its position.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a panic or a printed line is how a test reports"
)]

use asn1::profile::{
    AlgoConfiguration, AlgorithmId, ElementFault, ElementKind, EuiccResponse, Fcp, FileItem, FileStructure,
    PeHeader, PeStatus, PinList, ProfileElement, ProfilePackage, Service, Status, TemplateId,
};
use asn1::tlv::Tag;
use data_encoding::HEXUPPER_PERMISSIVE;

fn hex(text: &str) -> Vec<u8> {
    HEXUPPER_PERMISSIVE.decode(text.replace(' ', "").as_bytes()).unwrap()
}

/// A package of the reference data.
fn package(name: &str) -> Option<Vec<u8>> {
    let path = format!("{}/../../shared/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let read = std::fs::read(&path).ok();
    if read.is_none() {
        println!("skipped: the reference data in ../shared/data is absent ({name})");
    }
    read
}

const PACKAGES: [&str; 3] =
    ["session/profile.der", "ts48/ts48-v7-saip2.3-bertlv-suci.der", "ts48/ts48-v7-saip2.3-nobertlv.der"];

#[test]
fn every_element_of_the_reference_packages_decodes_and_re_encodes_to_the_same_bytes() {
    for name in PACKAGES {
        let Some(bytes) = package(name) else { return };
        let package = ProfilePackage::parse(&bytes).unwrap();
        let mut length = 0;
        for raw in package.elements() {
            assert_eq!(raw.offset(), length);
            let element = raw.decode().unwrap_or_else(|error| panic!("{name}, byte {length}: {error}"));
            assert_eq!(element.to_der(), raw.bytes(), "{name}: {:?}", raw.kind());
            assert_eq!(Some(element.kind()), raw.kind());
            assert_eq!(element.header(), raw.header());
            assert_eq!(ProfileElement::from_der(raw.bytes()).unwrap(), element);
            length += raw.bytes().len();
        }
        assert_eq!(length, bytes.len());
    }
}

#[test]
fn a_real_package_names_its_elements_in_order() {
    let Some(bytes) = package(PACKAGES[1]) else { return };
    let package = ProfilePackage::parse(&bytes).unwrap();
    let names: Vec<_> = package.elements().iter().map(|raw| raw.kind().unwrap().name()).collect();
    assert_eq!(
        names.join(" "),
        "header mf pukCodes pinCodes telecom pinCodes genericFileManagement usim opt-usim pinCodes akaParameter \
         gsm-access df-5gs df-saip csim opt-csim pinCodes cdmaParameter isim opt-isim pinCodes akaParameter \
         genericFileManagement genericFileManagement securityDomain rfm rfm rfm rfm end"
    );
}

#[test]
fn the_header_of_a_real_package_is_read_member_by_member() {
    let Some(bytes) = package(PACKAGES[1]) else { return };
    let ProfileElement::Header(header) =
        ProfilePackage::parse(&bytes).unwrap().elements()[0].decode().unwrap()
    else {
        panic!("the first element is the header")
    };
    assert_eq!((header.major_version, header.minor_version), (2, 3));
    assert_eq!(header.profile_type.as_deref(), Some("GSMA Generic eUICC Test Profile"));
    assert_eq!(header.iccid.to_vec(), hex("89000123456789012341"));
    assert_eq!(
        header.mandatory_services,
        [
            Service::USIM,
            Service::ISIM,
            Service::CSIM,
            Service::USIM_TEST_ALGORITHM,
            Service::BER_TLV,
            Service::GET_IDENTITY,
            Service::PROFILE_A_X25519,
            Service::PROFILE_B_P256
        ]
    );
    assert_eq!(header.mandatory_templates.len(), 11);
    assert_eq!(header.mandatory_templates[2].to_string(), "2.23.143.1.2.4");
    assert_eq!(header.mandatory_templates[2], TemplateId::tca(4));
}

#[test]
fn files_pins_and_keys_of_a_real_package_have_their_published_values() {
    let Some(bytes) = package(PACKAGES[1]) else { return };
    let package = ProfilePackage::parse(&bytes).unwrap();
    let elements: Vec<_> = package.elements().iter().map(|raw| raw.decode().unwrap()).collect();
    let ProfileElement::Template(usim) = &elements[7] else { panic!("usim") };
    assert_eq!((usim.kind, usim.header), (ElementKind::Usim, PeHeader::mandated(8)));
    let imsi = usim.file(3).unwrap();
    assert_eq!(imsi.fcp().unwrap().file_id, Some([0x6F, 0x07]));
    assert_eq!(imsi.0[1], FileItem::FillFileContent(hex("080910101032547698")));
    let ProfileElement::PinCodes(pins) = &elements[3] else { panic!("pinCodes") };
    let PinList::Configured(pins) = &pins.pins else { panic!("a list of PINs") };
    assert_eq!(pins[0].pin_value.bytes(), b"0000\xFF\xFF\xFF\xFF");
    assert_eq!(
        (pins[0].unblocking_pin_reference, pins[0].pin_attributes, pins[0].attempts),
        (Some(1), Some(6), None)
    );
    let ProfileElement::AkaParameter(aka) = &elements[10] else { panic!("akaParameter") };
    let AlgoConfiguration::Algo(algo) = &aka.algo_configuration else { panic!("algoParameter") };
    assert_eq!(algo.algorithm_id, AlgorithmId::USIM_TEST_ALGORITHM);
    assert_eq!(algo.key.bytes(), hex("000102030405060708090A0B0C0D0E0F"));
    let ProfileElement::Other(domain) = &elements[24] else { panic!("securityDomain") };
    let instances = domain.instances().unwrap();
    assert_eq!(instances.len(), 1);
    assert_eq!(instances[0].instance_aid, hex("A000000151000000"));
    assert_eq!(instances[0].class_aid, hex("A000000151535041"));
    assert_eq!((&instances[0].privileges[..], instances[0].life_cycle_state), (&hex("82DC00")[..], 0x0F));
    assert_eq!(instances[0].tars(), [[0xB2, 0x01, 0x00], [0, 0, 0]]);
    let ProfileElement::Other(rfm) = &elements[25] else { panic!("rfm") };
    let rfm = rfm.remote_file_management().unwrap().unwrap();
    assert_eq!(rfm.instance_aid, hex("A00000055910100001"));
    assert_eq!((&rfm.tars[..], rfm.minimum_security_level), (&[[0xB0, 0x01, 0x20]][..], 2));
    let ProfileElement::Other(cdma) = &elements[17] else { panic!("cdmaParameter") };
    assert_eq!(cdma.cdma_authentication_key().unwrap().bytes(), hex("00000000FFFFFFFF"));
}

#[test]
fn secrets_of_an_element_are_not_in_its_debug_output() {
    let aka = hex("A435 A0058000810107 A12C A12A 800101 810102 8210 0102030405060708090A0B0C0D0E0F10 \
                   8310 11111111111111111111111111111111");
    let pins = hex("A21A A0058000810106 A111 A00F 300D 800101 8108 3739343631353238");
    for bytes in [aka, pins] {
        let shown = format!("{:?}", ProfileElement::from_der(&bytes).unwrap());
        for secret in ["1, 2, 3", "17, 17", "55, 57", "0102", "1111", "3739"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn a_real_notification_response_is_the_all_ok_response() {
    assert_eq!(EuiccResponse::ok().to_der(), hex("3007A0053003800100"));
    assert_eq!(EuiccResponse::from_der(&hex("3007A0053003800100")).unwrap(), EuiccResponse::ok());
}

#[test]
fn an_error_response_carries_element_offset_and_abortion() {
    let bytes = hex("300F A00B 3009 800101 81010D 830109 8100");
    let mut status = PeStatus::new(Status::PE_NOT_SUPPORTED);
    status.identification = Some(13);
    status.offset = Some(9);
    let response = EuiccResponse::of(vec![status], true);
    assert_eq!(EuiccResponse::from_der(&bytes).unwrap(), response);
    assert_eq!(response.to_der(), bytes);
    assert_eq!(Status::PE_NOT_SUPPORTED.name(), Some("pe-not-supported"));
}

#[test]
fn file_descriptors_say_structure_and_record_length() {
    for (bytes, structure) in [
        ("4121", FileStructure::Transparent),
        ("42210021", FileStructure::LinearFixed { record_length: 0x21 }),
        ("46210003", FileStructure::Cyclic { record_length: 3 }),
        ("7821", FileStructure::Directory),
        ("7921", FileStructure::BerTlv),
    ] {
        assert_eq!(FileStructure::from_descriptor(&hex(bytes)), Some(structure));
        assert_eq!(structure.to_descriptor(), hex(bytes));
    }
    for bytes in ["", "41", "4221", "42210000", "422100", "41210001", "4321", "4120", "78210001"] {
        assert_eq!(FileStructure::from_descriptor(&hex(bytes)), None, "{bytes}");
    }
}

#[test]
fn members_of_a_later_version_are_kept_in_place() {
    // An end element, a header with iotOptions, and an FCP with a member nobody knows.
    for bytes in [
        "AA0A A005 8000 810108 810107",
        "A01A 800103 810103 830A 89000123456789012341 A500 A600 A902 8000",
        "B111 A003 810102 8103 550102 A205 A103 9F7000",
    ] {
        let bytes = hex(bytes);
        let element = ProfileElement::from_der(&bytes).unwrap();
        assert_eq!(element.to_der(), bytes);
    }
}

#[test]
fn an_unknown_element_is_reported_by_its_tag() {
    let bytes = hex("BF2F07 A005 8000 810108");
    let package = ProfilePackage::parse(&bytes).unwrap();
    let raw = &package.elements()[0];
    assert_eq!((raw.kind(), raw.tag()), (None, Tag(0xBF2F)));
    assert_eq!(raw.header(), Some(PeHeader::mandated(8)));
    assert_eq!(raw.decode().unwrap_err().fault, ElementFault::UnknownElement(Tag(0xBF2F)));
}

#[test]
fn what_the_format_does_not_allow_is_refused_with_its_position() {
    for (bytes, offset, why) in [
        ("AA02 A000", 4, "a PEHeader without identification"),
        ("AA08 A006 8000 81020001", 6, "an integer not in its shortest form"),
        ("AA09 A007 8000 8103008000", 6, "an identification above 32767"),
        ("AA07 A005 8001 81 0108", 4, "a mandated NULL that swallows the next tag"),
        ("AA0E A005 8000 810108 A005 8000 810108", 9, "a header twice"),
        ("AA08 A006 8000 8181 0108", 6, "a length not in its shortest form"),
        ("A209 A003 810102 A102 A000", 9, "an empty list of PINs"),
        (
            "A216 A003 810102 A10F A00D 300B 800109 8108 3030303030303030",
            13,
            "a PIN reference that does not exist",
        ),
        ("A214 A003 810102 A10D A00B 3009 800101 8106 303030303030", 16, "a PIN of six bytes"),
        ("B112 A003 810102 8103 550102 A306 A104 88020000", 16, "two bytes of short identifier"),
        ("B10E A003 810102 8103 550102 A202 8400", 14, "an instruction that no file has"),
        ("B110 A003 810102 8103 550102 A300 A200", 14, "files out of order"),
        ("B10C A003 810102 8103 558002 A200", 7, "an identifier with a padded arc"),
        ("B10F A003 810102 8103 550102 A203 8201 FF", 14, "a negative offset"),
    ] {
        let mut bytes = hex(bytes);
        bytes[1] = u8::try_from(bytes.len() - 2).unwrap();
        let error = ProfileElement::from_der(&bytes).expect_err(why);
        assert_eq!(error.offset, offset, "{why}: {error}");
    }
}

#[test]
fn a_package_that_is_no_row_of_tlvs_is_refused_at_the_byte_where_it_breaks() {
    let bytes = hex("AA07 A005 8000 810108 AA07 A005");
    assert_eq!(ProfilePackage::parse(&bytes).err().unwrap().offset, 9);
    assert_eq!(ProfilePackage::parse(&hex("A080 0000")).err().unwrap().offset, 0);
    assert!(ProfilePackage::parse(&[]).unwrap().elements().is_empty());
}

#[test]
fn nesting_in_what_is_only_kept_is_bounded() {
    let mut content = vec![0x30, 0x00];
    for _ in 0..40 {
        let mut wrapped = vec![0x30, u8::try_from(content.len()).unwrap()];
        wrapped.append(&mut content);
        content = wrapped;
    }
    let mut bytes = hex("A800 A003 810102");
    bytes.append(&mut content);
    bytes[1] = u8::try_from(bytes.len() - 2).unwrap();
    assert_eq!(ProfileElement::from_der(&bytes).unwrap_err().fault, ElementFault::TooDeep);
}

#[test]
fn no_single_changed_byte_makes_the_decoder_fail_to_reproduce_what_it_accepts() {
    let Some(bytes) = package(PACKAGES[0]) else { return };
    let mut accepted = 0;
    for position in 0..bytes.len() {
        for flip in [0x01, 0x02, 0x20, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[position] ^= flip;
            let Ok(package) = ProfilePackage::parse(&changed) else { continue };
            for raw in package.elements() {
                if let Ok(element) = raw.decode() {
                    accepted += 1;
                    assert_eq!(element.to_der(), raw.bytes(), "byte {position} xor {flip:02X}");
                }
            }
        }
    }
    assert!(accepted > 1000);
}

#[test]
fn an_empty_fcp_is_written_as_nothing() {
    let file = asn1::profile::File::new(Fcp::default(), None);
    assert_eq!(file.0.len(), 1);
    let element = hex("B10E A003 810102 8103 550102 A202 A100");
    let ProfileElement::Template(template) = ProfileElement::from_der(&element).unwrap() else {
        panic!("a template")
    };
    assert_eq!(template.files, [(2, file)]);
}
