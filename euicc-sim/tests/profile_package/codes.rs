//! PINs, PUKs and keys.

use super::support::*;

#[test]
fn a_pin_that_protects_a_directory_but_is_not_defined_is_missed() {
    let package = changed(|elements| drop(elements.remove(LOCAL_PINS)));
    assert_eq!(refused(&package).1, Status::PIN_CODE_MISSING);
    let package = changed(|elements| drop(elements.remove(PINS)));
    assert_eq!(refused(&package).1, Status::PIN_CODE_MISSING);
}

fn pins_at(elements: &mut [ProfileElement], position: usize) -> &mut PinCodes {
    let ProfileElement::PinCodes(pins) = &mut elements[position] else { panic!("pinCodes") };
    pins
}

#[test]
fn pins_have_to_fit_their_directory_and_their_puks() {
    for (change, status) in [
        // A local PIN in the MF.
        (
            (|e: &mut [ProfileElement]| set_pin(e, PINS, |p| p.key_reference = 0x81))
                as fn(&mut [ProfileElement]),
            Status::INVALID_PARAMETER,
        ),
        // A global PIN in the ADF.
        (|e| set_pin(e, LOCAL_PINS, |p| p.key_reference = 1), Status::INVALID_PARAMETER),
        // A PUK that is not there.
        (|e| set_pin(e, PINS, |p| p.unblocking_pin_reference = Some(7)), Status::INVALID_PARAMETER),
        // More tries left than tries.
        (|e| set_pin(e, PINS, |p| p.attempts = Some(0x34)), Status::BAD_VALUES),
        // Shared with a directory that has none.
        (|e| pins_at(e, LOCAL_PINS).pins = PinList::SharedWith(vec![0x7F, 0x10]), Status::INVALID_PARAMETER),
    ] {
        assert_eq!(refused(&changed(|elements| change(elements))).1, status);
    }
}

fn set_pin(
    elements: &mut [ProfileElement],
    position: usize,
    change: fn(&mut asn1::profile::PinConfiguration),
) {
    let PinList::Configured(pins) = &mut pins_at(elements, position).pins else { panic!("a list of PINs") };
    change(&mut pins[0]);
}

#[test]
fn authentication_needs_an_application_a_known_algorithm_and_keys_of_its_length() {
    let early = changed(|elements| {
        let aka = elements.remove(AKA);
        elements.insert(USIM, aka);
    });
    assert_eq!(refused(&early), (PE, Status::INVALID_REQUEST_FORMAT, Some(7)));
    let unknown = changed(|elements| algorithm_of(elements).algorithm_id = AlgorithmId(9));
    assert_eq!(refused(&unknown), (PE, Status::FEATURE_NOT_SUPPORTED, Some(7)));
    let short = changed(|elements| algorithm_of(elements).key = SecretOctets::from(vec![1; 15]));
    assert_eq!(refused(&short), (PE, Status::BAD_VALUES, Some(7)));
    let no_opc = changed(|elements| algorithm_of(elements).opc = SecretOctets::from(Vec::new()));
    assert_eq!(refused(&no_opc), (PE, Status::BAD_VALUES, Some(7)));
}

#[test]
fn of_several_sets_of_authentication_parameters_the_last_that_is_supported_counts() {
    let another = |algorithm, mandated| {
        move |elements: &mut Vec<ProfileElement>| {
            let ProfileElement::AkaParameter(mut aka) = elements[AKA].clone() else { panic!("akaParameter") };
            aka.header = PeHeader { mandated, identification: 60 };
            aka.sqn_options = Some(0x0E);
            let AlgoConfiguration::Algo(algo) = &mut aka.algo_configuration else { panic!("algoParameter") };
            algo.algorithm_id = algorithm;
            elements.insert(OPT_USIM, ProfileElement::AkaParameter(aka));
        }
    };
    let options = |installed: &Installed| match &installed.network_access[0].authentication {
        Some(Authentication::Own(own)) => own.sqn_options,
        _ => panic!("parameters of its own"),
    };
    let both = install_generated(&changed(another(AlgorithmId::MILENAGE, true))).unwrap();
    assert_eq!(options(&both), 0x0E);
    let (first, warnings) = warned(&changed(another(AlgorithmId(9), false)));
    assert_eq!((options(&first), warnings), (0x02, vec![(Status::FEATURE_NOT_SUPPORTED, Some(60))]));
}

#[test]
fn sequence_numbers_have_43_bits() {
    let with_delta = |delta: [u8; 6]| {
        changed(|elements| {
            let ProfileElement::AkaParameter(aka) = &mut elements[AKA] else { panic!("akaParameter") };
            aka.sqn_delta = Some(delta);
        })
    };
    assert!(install_generated(&with_delta([0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])).is_ok());
    assert_eq!(refused(&with_delta([0x08, 0, 0, 0, 0, 0])), (PE, Status::BAD_VALUES, Some(7)));
}
