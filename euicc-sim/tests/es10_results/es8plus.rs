//! Each errorReason with each bppCommandId that SGP.22 §2.5.6.1 table 4a allows it for. `installation_failures` has further
//! causes.

use asn1::{PprIds, ProfileClass, StoreMetadataRequest};
use crypto::Curve;
use euicc_sim::state::CardState;

use super::B;
use super::common::failure::*;
use super::common::package::package_of;
use super::common::smdp::{Binding, Segments, error, replace_session_keys};
use super::common::{BOTH_CURVES, OPERATIONAL, hex, new_state, state_with};

/// A card with this much memory.
fn with_memory(memory_size: u32) -> impl Fn(Curve) -> CardState {
    move |curve| CardState { memory_size, ..new_state(curve) }
}

/// With profile protection keys, so that each function is there.
fn keyed(binding: &mut Binding) {
    binding.replace_session_keys = Some(replace_session_keys(16));
}

/// Segments of a package with profile protection keys, spoiled, fail like this.
#[track_caller]
fn spoiled(command: i64, reason: i64, spoil: impl Fn(&mut Segments)) {
    for curve in BOTH_CURVES {
        let mut download = download(new_state(curve), curve);
        let before = download.terminal.card.state().clone();
        let segments = edited(&with_keys(&download), &spoil);
        assert_eq!(download.fail(&segments), (command, reason), "{curve}");
        nothing_stays(&download, &before);
    }
}

/// A MAC that is wrong by one bit in segment `index`.
#[track_caller]
fn with_wrong_mac(command: i64, index: usize) {
    spoiled(command, SECURITY, |segments| *segments[index].last_mut().unwrap() ^= 1);
}

/// Power goes after so many segments.
#[track_caller]
fn interrupted(command: i64, segments: usize) {
    for curve in BOTH_CURVES {
        let mut download = download(new_state(curve), curve);
        let before = download.terminal.card.state().clone();
        let binding = with_keys(&download);
        assert_eq!(download.load(&binding.segments()[..segments].to_vec()), (Vec::new(), 0x9000));
        download.terminal.reset();
        let result = download.terminal.notifications();
        assert_eq!(error(result[0].bytes(), curve), (command, INTERRUPTION));
        nothing_stays(&download, &before);
    }
}

/// Nothing in the package is the cause: the card gives up in the segment with this number.
#[track_caller]
fn forced(command: i64, reason: i64, segment: usize) {
    let mut state = new_state(Curve::P256);
    let failure = format!("{{segment={segment}, command={command}, reason={reason}}}");
    state.quirks.set(&format!("install_failure={failure}")).unwrap();
    let mut download = download(state, Curve::P256);
    let before = download.terminal.card.state().clone();
    let segments = with_keys(&download).segments();
    assert_eq!(download.fail(&segments), (command, reason));
    nothing_stays(&download, &before);
}

fn in_metadata(change: impl Fn(&mut StoreMetadataRequest) + Copy) -> impl Fn(&mut Binding) {
    with_metadata(change)
}

/// One test for each line.
macro_rules! results {
    ($($name:ident: $check:expr;)+) => {
        $(
            #[test]
            fn $name() {
                $check;
            }
        )+
    };
}

results! {
    initialise_secure_channel_incorrect_input_values:
        fails_on_a_new_card(ISC, INCORRECT_INPUT_VALUES, |binding| {
            // No point of the curve.
            binding.smdp_otpk = Some([vec![0x04], vec![0; 63], vec![0x05]].concat());
        });
    initialise_secure_channel_invalid_signature:
        fails_on_a_new_card(ISC, INVALID_SIGNATURE, |binding| binding.spoil_signature = true);
    initialise_secure_channel_invalid_transaction_id:
        fails_on_a_new_card(ISC, INVALID_TRANSACTION_ID, |binding| binding.transaction_id = vec![0x5B; 16]);
    initialise_secure_channel_unsupported_crt_values:
        for (key_type, key_length) in [(0x80, 0x10), (0x88, 0x20)] {
            fails_on_a_new_card(ISC, UNSUPPORTED_CRT_VALUES, |binding| {
                (binding.key_type, binding.key_length) = (key_type, key_length);
            });
        };
    initialise_secure_channel_unsupported_remote_operation_type:
        fails_on_a_new_card(ISC, UNSUPPORTED_REMOTE_OPERATION_TYPE, |binding| binding.remote_op_id = 2);
    initialise_secure_channel_interruption_when_forced: forced(ISC, INTERRUPTION, 1);
    initialise_secure_channel_unknown_error_when_forced: forced(ISC, UNKNOWN_ERROR, 1);

    configure_isdp_incorrect_input_values:
        for content in ["BF2500", "BF2401", "", "BF240000"] {
            fails_on_a_new_card(CONFIGURE_ISDP, INCORRECT_INPUT_VALUES, |binding| {
                binding.configure_isdp = hex(content);
            });
        };
    configure_isdp_scp03t_structure_error:
        spoiled(CONFIGURE_ISDP, STRUCTURE, |segments| segments[1] = hex("A006 8704 01020304"));
    configure_isdp_scp03t_security_error: with_wrong_mac(CONFIGURE_ISDP, 1);
    configure_isdp_scp03t_security_error_for_another_eid:
        fails_on_a_new_card(CONFIGURE_ISDP, SECURITY, |binding| binding.eid[15] ^= 1);
    configure_isdp_insufficient_memory: fails(with_memory(400), CONFIGURE_ISDP, MEMORY, |_| ());
    configure_isdp_interruption: interrupted(CONFIGURE_ISDP, 1);
    configure_isdp_unknown_error_when_forced: forced(CONFIGURE_ISDP, UNKNOWN_ERROR, 2);

    store_metadata_incorrect_input_values:
        for content in ["BF2500", "BF2400", "BF250C 5A0A98001032547698103214 00"] {
            fails_on_a_new_card(STORE_METADATA, INCORRECT_INPUT_VALUES, |binding| {
                binding.metadata = vec![hex(content)];
            });
        };
    store_metadata_unsupported_profile_class:
        fails_on_a_new_card(
            STORE_METADATA,
            UNSUPPORTED_PROFILE_CLASS,
            in_metadata(|metadata| metadata.profile_class = Some(ProfileClass(3))),
        );
    store_metadata_scp03t_structure_error:
        spoiled(STORE_METADATA, STRUCTURE, |segments| {
            segments[2] = hex("A106");
            segments[3] = hex("8804 01020304");
        });
    store_metadata_scp03t_security_error: with_wrong_mac(STORE_METADATA, 3);
    store_metadata_iccid_already_exists_on_euicc:
        fails(|_| state_with(&[OPERATIONAL]), STORE_METADATA, ICCID_EXISTS, |_| ());
    store_metadata_insufficient_memory: fails(with_memory(600), STORE_METADATA, MEMORY, |_| ());
    store_metadata_interruption: interrupted(STORE_METADATA, 2);
    store_metadata_ppr_not_allowed:
        fails_on_a_new_card(
            STORE_METADATA,
            PPR_NOT_ALLOWED,
            in_metadata(|metadata| {
                metadata.profile_owner = Some(owner([0x42, 0xF6, 0x18]));
                metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR2]));
            }),
        );
    store_metadata_unknown_error_when_forced: forced(STORE_METADATA, UNKNOWN_ERROR, 4);

    store_metadata_2_incorrect_input_values:
        fails_on_a_new_card(STORE_METADATA_2, INCORRECT_INPUT_VALUES, |binding| {
            binding.metadata.push(vec![0xFF]);
        });
    store_metadata_2_unsupported_profile_class:
        fails_on_a_new_card(STORE_METADATA_2, UNSUPPORTED_PROFILE_CLASS, |binding| {
            in_metadata(|metadata| metadata.profile_class = Some(ProfileClass(3)))(binding);
            in_two_pieces(binding);
        });
    store_metadata_2_scp03t_security_error:
        for curve in BOTH_CURVES {
            let mut download = download(new_state(curve), curve);
            let mut binding = download.binding();
            in_two_pieces(&mut binding);
            let mut segments = binding.segments();
            *segments[4].last_mut().unwrap() ^= 1;
            assert_eq!(download.fail(&segments), (STORE_METADATA_2, SECURITY));
        };
    store_metadata_2_iccid_already_exists_on_euicc:
        fails(|_| state_with(&[OPERATIONAL]), STORE_METADATA_2, ICCID_EXISTS, in_two_pieces);
    store_metadata_2_insufficient_memory:
        fails(with_memory(600), STORE_METADATA_2, MEMORY, in_two_pieces);
    store_metadata_2_ppr_not_allowed:
        fails_on_a_new_card(STORE_METADATA_2, PPR_NOT_ALLOWED, |binding| {
            in_metadata(|metadata| {
                metadata.profile_owner = Some(owner([0x42, 0xF6, 0x18]));
                metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR2]));
            })(binding);
            in_two_pieces(binding);
        });

    replace_session_keys_incorrect_input_values:
        for request in [replace_session_keys(15), replace_session_keys(24), hex("BF2600"), hex("BF2400")] {
            fails_on_a_new_card(REPLACE_SESSION_KEYS, INCORRECT_INPUT_VALUES, |binding| {
                binding.replace_session_keys = Some(request.clone());
            });
        };
    replace_session_keys_scp03t_structure_error:
        spoiled(REPLACE_SESSION_KEYS, STRUCTURE, |segments| segments[4] = hex("A206 8704 01020304"));
    replace_session_keys_scp03t_security_error: with_wrong_mac(REPLACE_SESSION_KEYS, 4);
    replace_session_keys_interruption_when_forced: forced(REPLACE_SESSION_KEYS, INTERRUPTION, 5);
    replace_session_keys_unknown_error_when_forced: forced(REPLACE_SESSION_KEYS, UNKNOWN_ERROR, 5);

    load_profile_elements_incorrect_input_values_when_forced:
        forced(LOAD_PROFILE_ELEMENTS, INCORRECT_INPUT_VALUES, 7);
    load_profile_elements_scp03t_structure_error:
        spoiled(LOAD_PROFILE_ELEMENTS, STRUCTURE, |segments| {
            segments.truncate(5);
            segments.extend([hex("A306"), hex("8604 01020304")]);
        });
    load_profile_elements_scp03t_security_error: with_wrong_mac(LOAD_PROFILE_ELEMENTS, 6);
    load_profile_elements_insufficient_memory:
        fails(with_memory(800), LOAD_PROFILE_ELEMENTS, MEMORY, |_| ());
    load_profile_elements_interruption: interrupted(LOAD_PROFILE_ELEMENTS, 7);
    load_profile_elements_pe_processing_error:
        fails_on_a_new_card(LOAD_PROFILE_ELEMENTS, PE_PROCESSING, |binding| binding.package = vec![0x13; 50]);
    load_profile_elements_data_mismatch:
        fails_on_a_new_card(LOAD_PROFILE_ELEMENTS, DATA_MISMATCH, |binding| binding.package = package_of(B));
    load_profile_elements_invalid_naa_key:
        fails_on_a_new_card(
            LOAD_PROFILE_ELEMENTS,
            INVALID_NAA_KEY,
            in_metadata(|metadata| metadata.profile_class = Some(ProfileClass::TEST)),
        );
    load_profile_elements_unknown_error_when_forced: forced(LOAD_PROFILE_ELEMENTS, UNKNOWN_ERROR, 7);
}

/// The metadata in two '88'.
fn in_two_pieces(binding: &mut Binding) {
    let metadata = binding.metadata.concat();
    let (first, second) = metadata.split_at(10);
    binding.metadata = vec![first.to_vec(), second.to_vec()];
}

#[test]
fn success_in_every_form_of_the_package() {
    for spoil in [|_: &mut Binding| (), keyed, in_two_pieces] {
        let mut download = download(new_state(Curve::P256), Curve::P256);
        let mut binding = download.binding();
        spoil(&mut binding);
        download.install(&binding);
        assert_eq!(download.terminal.profiles().len(), 1);
    }
}
