//! The recorded session of a real test eUICC (`../shared/data/card-logs`), repeated on our card of the same kind with the
//! same test certificates: every answer the same, field by field, or the difference listed here with its reason.
#![cfg(test)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use asn1::tlv;
use certs::tree::{Pki, Tree};
use certs::{Role, Variant};
use common::smdp::{Authentication, Binding, Download, Preparation, euicc_otpk, euicc_signature1};
use common::{BOTH_CURVES, ICCID, Terminal, delete, hex, package};
use crypto::{Curve, Engine, PublicKey, Signature};
use euicc_sim::state::{CardState, manufacture, preload};
use euicc_sim::{Card, InMemory, personality};

/// A field in which our card differs from the recorded one.
struct Difference {
    log: &'static str,
    /// The tags that lead to it; `#` stands for the number of any member of a list.
    field: &'static str,
    reason: &'static str,
}

const DIFFERENCES: [Difference; 1] = [Difference {
    log: "retrieve-notifications",
    field: "BF2B/A0/BF37#/5F37",
    reason: "ECDSA: each signature has a number of its own; both are good under the eUICC's certificate, as tested here",
}];

#[test]
fn an_empty_card_tells_the_same_of_itself() {
    compare("info", |state| state);
}

#[test]
fn an_empty_card_lists_no_profile() {
    compare("profiles", |state| state);
}

#[test]
fn an_error_of_get_profiles_info_has_the_same_form() {
    // The log was edited: a card in order gives no error here, so the result is forced.
    compare("profiles-error", |mut state| {
        state.quirks.set(r#"results=[{function="GetProfilesInfo", code=1, times=1}]"#).unwrap();
        state
    });
}

#[test]
fn a_profile_is_enabled_with_the_same_answer() {
    compare("enable", |state| with_profile(state, false));
}

#[test]
fn a_profile_is_disabled_with_the_same_answer() {
    compare("disable", |state| with_profile(state, true));
}

#[test]
fn the_list_of_notifications_is_the_same() {
    compare("notifications", with_notifications);
}

#[test]
fn the_notifications_themselves_are_the_same_but_for_their_signatures() {
    compare("retrieve-notifications", with_notifications);
}

#[test]
fn the_signatures_on_both_sides_are_good() {
    let Some((pki, recorded)) = pki().zip(recorded("retrieve-notifications")) else { return };
    let state = with_notifications(new_card(&pki));
    let ours = answers(&mut power_on(state), &recorded).pop().unwrap();
    let theirs = joined(&recorded).pop().unwrap();
    for (whose, answer) in [("ours", ours.data), ("theirs", theirs.data)] {
        let list = tlv::read(tlv::read(&answer).unwrap().0.value).unwrap().0;
        let results: Vec<_> = tlv::children(list.value).map(Result::unwrap).collect();
        assert_eq!(results.len(), 5);
        for result in results {
            let data = tlv::find(result.value, 0xBF27).unwrap();
            let signature = Signature::from_bytes(tlv::find(result.value, 0x5F37).unwrap().value).unwrap();
            let good = |key: &PublicKey| key.verify(Engine::RustCrypto, data.raw, &signature).is_ok();
            assert!(good(&euicc_key(&pki, CURVE)), "{whose}");
        }
    }
}

/// The curve of the key that the recorded installation results are signed with.
const CURVE: Curve = Curve::P256;

fn euicc_key(pki: &Pki, curve: Curve) -> PublicKey {
    pki.chain(Variant::O, curve).unwrap().certificate(Role::Euicc).unwrap().public_key().clone()
}

/// Repeats a log on a card that `prepare` has brought to the same situation.
fn compare(log: &'static str, prepare: fn(CardState) -> CardState) {
    let Some((pki, recorded)) = pki().zip(recorded(log)) else { return };
    let mut card = power_on(prepare(new_card(&pki)));
    let ours = answers(&mut card, &recorded);
    let mut used = Vec::new();
    for (ours, theirs) in ours.iter().zip(joined(&recorded)) {
        assert_eq!(ours.status_words, theirs.status_words, "{log}, {}", theirs.command);
        let (ours, theirs) = (fields(&ours.data), fields(&theirs.data));
        let names =
            |fields: &[(String, String)]| fields.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&ours), names(&theirs), "{log}: the same fields in the same order");
        for ((field, ours), (_, theirs)) in ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs) {
            let parts: Vec<_> =
                field.split('#').map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect();
            // The first part begins with a tag, the others with the number of a member.
            let generic = [&[field.split('#').next().unwrap()], &parts[1..]].concat().join("#");
            let known = DIFFERENCES.iter().find(|known| known.log == log && known.field == generic);
            let known = known.unwrap_or_else(|| {
                panic!("{log}: {field} is {ours} here and {theirs} on the recorded card, unexplained")
            });
            println!("{log}: {field}\n  ours   {ours}\n  theirs {theirs}\n  {}", known.reason);
            used.push(known.field);
        }
    }
    let idle = DIFFERENCES.iter().find(|known| known.log == log && !used.contains(&known.field));
    assert!(idle.is_none_or(|known| panic!("{log}: {} does not differ any more", known.field)));
}

/// The primitive objects of a response: the tags that lead to each, and its value.
fn fields(data: &[u8]) -> Vec<(String, String)> {
    fn walk(value: &[u8], path: &str, into: &mut Vec<(String, String)>) {
        let members: Vec<_> = tlv::children(value).map(Result::unwrap).collect();
        for (index, member) in members.iter().enumerate() {
            let repeated = members.iter().filter(|other| other.tag == member.tag).count() > 1;
            let number = if repeated { format!("#{index}") } else { String::new() };
            let separator = if path.is_empty() { "" } else { "/" };
            let path = format!("{path}{separator}{}{number}", member.tag);
            match member.tag.is_constructed() && !member.value.is_empty() {
                true => walk(member.value, &path, into),
                false => into.push((path, data_encoding::HEXUPPER.encode(member.value))),
            }
        }
    }
    let mut fields = Vec::new();
    walk(data, "", &mut fields);
    fields
}

/// A command and its answer in full, fetched with GET RESPONSE.
struct Answer {
    command: String,
    data: Vec<u8>,
    /// That of each part.
    status_words: Vec<String>,
}

/// Lines of a log: command and response, in hex.
type Recorded = Vec<(String, String)>;

fn recorded(log: &str) -> Option<Recorded> {
    let text = fs::read_to_string(data(&format!("card-logs/{log}.log"))?).unwrap();
    let line = |start: char| move |line: &str| line.strip_prefix(start).map(|bytes| bytes.trim().to_owned());
    let commands: Vec<_> = text.lines().filter_map(line('>')).collect();
    let responses: Vec<_> = text.lines().filter_map(line('<')).collect();
    assert_eq!(commands.len(), responses.len());
    Some(commands.into_iter().zip(responses).collect())
}

/// The answers of the recorded card.
fn joined(recorded: &Recorded) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for (command, response) in recorded {
        let mut data = hex(response);
        let status = data.split_off(data.len() - 2);
        let status = data_encoding::HEXUPPER.encode(&status);
        match answers.last_mut() {
            Some(answer) if command.starts_with("00C00000") => {
                answer.data.extend(data);
                answer.status_words.push(status);
            }
            _ => answers.push(Answer { command: command.clone(), data, status_words: vec![status] }),
        }
    }
    answers
}

/// The answers of our card to the same commands.
fn answers(card: &mut Card, recorded: &Recorded) -> Vec<Answer> {
    let ours = recorded
        .iter()
        .map(|(command, _)| (command.clone(), data_encoding::HEXUPPER.encode(&card.transmit(&hex(command)))));
    joined(&ours.collect())
}

fn data(path: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(path);
    if !path.exists() {
        println!("skipped: the reference data in ../shared/data is absent ({})", path.display());
        return None;
    }
    Some(path)
}

/// The published test certificates.
fn pki() -> Option<Pki> {
    let mut tree = Tree::new();
    for folder in fs::read_dir(data("sgp26")?).unwrap().map(Result::unwrap) {
        for file in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let name = |entry: &fs::DirEntry| entry.file_name().into_string().unwrap();
            tree.insert(format!("{}/{}", name(&folder), name(&file)), fs::read(file.path()).unwrap());
        }
    }
    Some(Pki::from_tree(&tree).unwrap())
}

/// The recorded card prefers its brainpool key.
fn new_card(pki: &Pki) -> CardState {
    let mut state = manufacture(pki, &[Curve::BrainpoolP256r1, Curve::P256]).unwrap();
    assert_eq!(BOTH_CURVES.len(), state.identities.len());
    personality::named("sgp26-test").unwrap().personality.apply(&mut state);
    state
}

fn power_on(state: CardState) -> Card {
    Card::power_on(state, common::environment(InMemory::default())).unwrap()
}

fn with_profile(mut state: CardState, enabled: bool) -> CardState {
    // As the log's own: without notifications.
    let metadata =
        asn1::StoreMetadataRequest { notification_configuration_info: None, ..package::request(ICCID) };
    preload(&mut state, &package::package(), metadata, enabled).unwrap();
    state
}

/// The five downloads that the recorded card had behind it, each deleted before the next.
fn with_notifications(mut state: CardState) -> CardState {
    let pki = pki().unwrap();
    state.notifications.next_sequence_number = 24;
    let memory = InMemory::default();
    let card = Card::power_on(state, common::environment(memory.clone())).unwrap();
    let mut terminal = Terminal::with_card(card, memory);
    for (transaction_id, address) in [
        ("801345F85554A128221AEBF25ABE4530", "smdp-address-placeholder.invalid"),
        ("C773EB0D3DF3A0FDD75E8FD9AA39E0A3", "smdp-address-placeholder.invalid"),
        ("DB16D5895BE8CD469B1B4CEC6F707E4B", "smdp-address-placeholder.invalid"),
        ("C22D1C1A9054B6B1EDE38969AB9E7D25", "127.0.0.1"),
        ("B38417B79ADEF6514E75721BBE46940D", "127.0.0.1"),
    ] {
        terminal = download(&pki, terminal, &hex(transaction_id), address);
        assert_eq!(terminal.result(&delete(ICCID)), 0);
    }
    terminal.card.state().clone()
}

fn download(pki: &Pki, mut terminal: Terminal, transaction_id: &[u8], address: &str) -> Terminal {
    let chain = pki.chain(Variant::O, CURVE).unwrap();
    let ci = chain.certificate(Role::Ci).unwrap().subject_key_identifier().unwrap();
    let challenge = terminal.challenge();
    let authentication = Authentication {
        transaction_id: transaction_id.to_vec(),
        server_address: address.to_owned(),
        euicc_ci_pk_id: ci.bytes().to_vec(),
        ..Authentication::new(CURVE, &challenge)
    };
    let dp_auth = chain.identity(Role::DpAuth, Engine::RustCrypto).unwrap();
    let signature1 = euicc_signature1(&terminal.ok(&authentication.with(&dp_auth).command()));

    let dp_pb = chain.identity(Role::DpPb, Engine::RustCrypto).unwrap();
    let preparation =
        Preparation { transaction_id: transaction_id.to_vec(), ..Preparation::new(CURVE, signature1) };
    let otpk = euicc_otpk(&terminal.ok(&preparation.with(&dp_pb).command()));

    let metadata =
        asn1::StoreMetadataRequest { notification_configuration_info: None, ..package::request(ICCID) };
    let binding = Binding {
        transaction_id: transaction_id.to_vec(),
        key: dp_pb.key().clone(),
        metadata: vec![asn1::der::encode(&metadata)],
        ..Binding::new(CURVE, otpk.clone())
    };
    let mut download = Download { terminal, curve: CURVE, euicc_otpk: otpk };
    let (result, status) = download.load(&binding.segments());
    assert_eq!(status, 0x9000);
    let result: asn1::ProfileInstallationResult = asn1::der::decode(&result).unwrap();
    let result = result.profile_installation_result_data.into_value();
    assert!(matches!(result.final_result, asn1::FinalResult::SuccessResult(_)), "{result:?}");
    download.terminal
}
