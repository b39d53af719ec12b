//! What a card costs: the time that it computes while a 12 KB profile is downloaded to it, beside the floor that the
//! cryptography alone sets, and the memory of ten thousand cards that wait in one process.
//!
//!     cargo bench -p euicc-sim --bench card                # all of it
//!     cargo bench -p euicc-sim --bench card -- 100 2000    # downloads and cards of one's own number

#![cfg(test)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use asn1::profile::{Fcp, FileManagementCommand, GenericFileManagement, PeHeader, ProfileElement};
use asn1::tlv;
use common::smdp::{Binding, Download, identity};
use common::{BOTH_CURVES, ICCID, Terminal, enable, new_state, pki};
use crypto::scp03t::{Kind, Opener, Protector};
use crypto::{Curve, Engine, OneTimeKey};
use euicc_sim::state::{CardState, sealed};
use euicc_sim::{Card, Environment, InMemory, MemoryFailure, NonVolatile};
use protocol::clock::FixedClock;
use protocol::trace::{Actor, Event, Sink, Tracer, What};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// Bytes of an '86' at their largest (SGP.22 §2.5.5).
const PIECE: usize = 1007;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    // `cargo test --all-targets` only wants to know whether it works.
    let measures = arguments.iter().any(|argument| argument == "--bench");
    let default = if measures { [50, 10_000] } else { [1, 50] };
    let [downloads, cards] = [0, 1].map(|index| numbers.get(index).copied().unwrap_or(default[index]));

    let (name, package) = package();
    println!("profile package: {name}, {} bytes", package.len());
    for curve in BOTH_CURVES {
        download(curve, &package, downloads);
    }
    idle(&package, cards);
}

/// A published test profile where the reference data are there, else the built-in one with a large file more.
fn package() -> (&'static str, Vec<u8>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/ts48/ts48-v7-saip2.3-bertlv-suci.der");
    match std::fs::read(path) {
        Ok(package) => ("GSMA TS.48 v7", package),
        Err(_) => ("built in, enlarged", enlarged(&common::package::package())),
    }
}

fn enlarged(usual: &[u8]) -> Vec<u8> {
    let elements: Vec<&[u8]> = tlv::children(usual).map(|element| element.unwrap().raw).collect();
    let content: Vec<u8> = (0..=255_u8).cycle().take(12_000 - usual.len()).collect();
    let fcp = Fcp {
        file_descriptor: Some(vec![0x41, 0x21]),
        file_id: Some([0x6F, 0x01]),
        security_attributes_referenced: Some(vec![0x0A]),
        ef_file_size: Some(u16::try_from(content.len()).unwrap().to_be_bytes().to_vec()),
        ..Fcp::default()
    };
    let commands = vec![
        FileManagementCommand::FilePath(Vec::new()),
        FileManagementCommand::CreateFcp(Box::new(fcp)),
        FileManagementCommand::FillFileContent(content),
    ];
    let header = PeHeader { mandated: true, identification: 0x60 };
    let file = GenericFileManagement { header, commands: vec![commands], unknown: Vec::new() };
    let file = ProfileElement::GenericFileManagement(file).to_der();
    let (end, others) = elements.split_last().unwrap();
    [others.concat(), file, end.to_vec()].concat()
}

// ---- one download ----------------------------------------------------------------------------------------------------

/// The command APDUs of a download, by its parts. The same card answers them in the same way again.
struct Recording {
    parts: Vec<(&'static str, Vec<Vec<u8>>)>,
    /// The state that the download left.
    after: CardState,
}

/// Keeps the commands that a card was sent.
#[derive(Default)]
struct Recorder(Mutex<Vec<Vec<u8>>>);

impl Sink for Recorder {
    fn emit(&self, event: Event) {
        if let What::Apdu { command, .. } = event.what {
            self.0.lock().unwrap().push(common::hex(&command));
        }
    }
}

fn environment(tracer: Tracer) -> Environment {
    common::environment_with(Box::new(InMemory::default()), tracer)
}

fn record(curve: Curve, package: &[u8]) -> Recording {
    let recorder = Arc::new(Recorder::default());
    let clock = Arc::new(FixedClock(protocol::clock::Timestamp::from_unix_seconds(common::NOW)));
    let tracer = Tracer::new(Actor::Euicc, clock, recorder.clone());
    let card = Card::power_on(new_state(curve), environment(tracer)).unwrap();
    let take = || std::mem::take(&mut *recorder.0.lock().unwrap());
    let mut parts = Vec::new();

    let mut terminal = Terminal::with_card(card, InMemory::default());
    parts.push(("select the ISD-R", take()));
    let challenge = terminal.challenge();
    let authentication = common::smdp::Authentication::new(curve, &challenge).command();
    let signature1 = common::smdp::euicc_signature1(&terminal.ok(&authentication));
    parts.push(("ES10b.AuthenticateServer", take()));
    let preparation = common::smdp::Preparation::new(curve, signature1).command();
    let euicc_otpk = common::smdp::euicc_otpk(&terminal.ok(&preparation));
    parts.push(("ES10b.PrepareDownload", take()));
    let mut download = Download { terminal, curve, euicc_otpk: euicc_otpk.clone() };
    let binding = Binding { package: package.to_vec(), piece: PIECE, ..Binding::new(curve, euicc_otpk) };
    download.install(&binding);
    parts.push(("ES10b.LoadBoundProfilePackage", take()));
    assert_eq!(download.terminal.result(&enable(ICCID, false)), 0);
    parts.push(("ES10c.EnableProfile", take()));
    Recording { parts, after: download.terminal.card.state().clone() }
}

fn download(curve: Curve, package: &[u8], times: usize) {
    let recording = record(curve, package);
    let mut spent = vec![Duration::ZERO; recording.parts.len()];
    for _ in 0..times {
        let mut card = Card::power_on(new_state(curve), environment(Tracer::off(Actor::Euicc))).unwrap();
        for ((_, commands), spent) in recording.parts.iter().zip(&mut spent) {
            let since = Instant::now();
            for command in commands {
                let response = card.transmit(command);
                assert!(matches!(response[response.len() - 2], 0x90 | 0x91 | 0x61));
            }
            *spent += since.elapsed();
        }
        assert_eq!(card.state().profiles.len(), 1);
    }
    println!("\n{curve}: a download, as the card sees it, the mean of {times}");
    let each = |spent: Duration| spent / u32::try_from(times.max(1)).unwrap();
    for ((name, commands), spent) in recording.parts.iter().zip(&spent) {
        line(name, each(*spent), &format!("{} APDUs", commands.len()));
    }
    let total: Duration = spent.iter().copied().map(each).sum();
    line("in all", total, "");
    let floor = floor(curve, package, times);
    let ratio = total.as_secs_f64() / floor.as_secs_f64();
    line("the cryptography alone", floor, &format!("the whole is {ratio:.2} times that"));

    let since = Instant::now();
    let text = sealed::write(&recording.after).unwrap();
    line("the state as text", since.elapsed(), &format!("{} bytes, at each commit to a file", text.len()));
}

/// What a card has to compute in any case, with the engine of the card. AuthenticateServer: the server's certificate and
/// signature are verified, one is made. PrepareDownload: the same and a one-time key. The package: a signature is
/// verified, keys are agreed on, the segments are opened, and the result is signed. EnableProfile: a notification is signed.
fn floor(curve: Curve, package: &[u8], times: usize) -> Duration {
    const VERIFICATIONS: u32 = 5;
    const SIGNATURES: u32 = 4;
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let key = identity(pki(), curve, certs::Role::Euicc).key().clone();
    let message = [0x5A; 300];
    let signature = key.sign(&message).unwrap();
    let mean = |work: &mut dyn FnMut()| {
        let since = Instant::now();
        (0..times.max(1)).for_each(|_| work());
        since.elapsed() / u32::try_from(times.max(1)).unwrap()
    };
    let verify = mean(&mut || key.public_key().verify(Engine::RustCrypto, &message, &signature).unwrap());
    let sign = mean(&mut || _ = key.sign(&message).unwrap());
    let generate = mean(&mut || drop(OneTimeKey::generate(Engine::RustCrypto, curve, &mut rng).unwrap()));
    let one_time = OneTimeKey::generate(Engine::RustCrypto, curve, &mut rng).unwrap();
    let agree = mean(&mut || drop(one_time.agree(key.public_key()).unwrap()));

    let mut protector = Protector::new(common::smdp::ppk());
    let pieces = package.chunks(PIECE);
    let segments: Vec<_> = pieces.map(|piece| protector.protect(Kind::Encrypted86, piece)).collect();
    let open = mean(&mut || {
        let mut opener = Opener::new(common::smdp::ppk());
        segments.iter().for_each(|segment| drop(opener.open(segment).unwrap()));
    });
    line("  verify a signature", verify, &format!("{VERIFICATIONS} times"));
    line("  make a signature", sign, &format!("{SIGNATURES} times"));
    line("  make a one-time key", generate, "once");
    line("  agree on a secret", agree, "once");
    line("  open the segments", open, &format!("{} of them", segments.len()));
    verify * VERIFICATIONS + sign * SIGNATURES + generate + agree + open
}

fn line(name: &str, time: Duration, note: &str) {
    println!("  {name:<32} {:>9.3} ms  {note}", time.as_secs_f64() * 1000.0);
}

// ---- many cards ------------------------------------------------------------------------------------------------------

/// Memory that is forgotten: a card in a file keeps nothing in the process either.
struct Elsewhere;

impl NonVolatile for Elsewhere {
    fn commit(&mut self, _: &CardState) -> Result<(), MemoryFailure> {
        Ok(())
    }
}

fn idle(package: &[u8], count: usize) {
    println!("\nmemory of cards that wait, in one process");
    let fresh = sealed::write(&new_state(Curve::P256)).unwrap();
    let with_profile = record(Curve::P256, package).after;
    let enabled = sealed::write(&with_profile).unwrap();
    // A first card of each makes what all share.
    drop([power_on(sealed::read(&fresh).unwrap()), power_on(sealed::read(&enabled).unwrap())]);
    // All of them stay: what one measurement gave back would be there for the next.
    let _cards = [
        measure("without a profile", count, || sealed::read(&fresh).unwrap()),
        measure("with this profile enabled, each its own", count / 10, || sealed::read(&enabled).unwrap()),
        measure("with this profile enabled, forked from one", count, || with_profile.clone()),
    ];
}

fn measure(what: &str, count: usize, state: impl Fn() -> CardState) -> Vec<Card> {
    let Some(before) = resident() else {
        println!("  skipped: this system has no /proc/self/statm");
        return Vec::new();
    };
    let since = Instant::now();
    let cards: Vec<Card> = (0..count).map(|_| power_on(state())).collect();
    let took = since.elapsed();
    let bytes = resident().unwrap().saturating_sub(before) / cards.len().max(1);
    println!(
        "  {what:<44} {count:>6} cards: {bytes:>7} bytes each, powered on in {:.2} ms each",
        took.as_secs_f64() * 1000.0 / count.max(1) as f64
    );
    cards
}

fn power_on(state: CardState) -> Card {
    let environment = Environment {
        rng: Box::new(ChaCha20Rng::seed_from_u64(1)),
        clock: Arc::new(FixedClock(protocol::clock::Timestamp::from_unix_seconds(common::NOW))),
        tracer: Tracer::off(Actor::Euicc),
        memory: Box::new(Elsewhere),
    };
    Card::power_on(state, environment).unwrap()
}

/// Bytes of this process that are in memory.
fn resident() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    // Linux counts in pages of 4 KB on the machines that this runs on.
    Some(pages.split(' ').nth(1)?.parse::<usize>().ok()? * 4096)
}
