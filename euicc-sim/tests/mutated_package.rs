//! A Bound Profile Package of 12 KB, spoiled in every way that a line or a server can spoil it: refused, the card as
//! before, and a signed result with the right reason.
//!
//! A sample by default; `RSPLAB_SWEEP=whole` goes through every bit, segment and byte.
#![cfg(test)]

mod common;

use asn1::profile::{
    Fcp, FileManagementCommand, GenericFileManagement, PeHeader, ProfileElement, ProfilePackage,
};
use asn1::tlv;
use common::package::{self, metadata};
use common::smdp::{Binding, Download, Segments, error, replace_session_keys};
use common::{BOTH_CURVES, ICCID, Terminal, new_state, text};
use crypto::Curve;
use euicc_sim::profile_package::{Context, Failure, Installed, interpret};
use euicc_sim::state::CardState;

const ISC: i64 = 0;
const CONFIGURE_ISDP: i64 = 1;
const STORE_METADATA: i64 = 2;
const REPLACE_SESSION_KEYS: i64 = 4;
const LOAD_PROFILE_ELEMENTS: i64 = 5;

const INVALID_SIGNATURE: i64 = 2;
const STRUCTURE: i64 = 7;
const SECURITY: i64 = 8;
const INTERRUPTION: i64 = 11;
const PE_PROCESSING: i64 = 12;

/// Bytes of an '86' at their largest (SGP.22 §2.5.5).
const PIECE: usize = 1007;

fn whole() -> bool {
    std::env::var("RSPLAB_SWEEP").is_ok_and(|value| value == "whole")
}

/// Every one of `count` cases, or one in `step`, the last among them.
fn cases(count: usize, step: usize) -> impl Iterator<Item = usize> {
    let step = if whole() { 1 } else { step };
    (0..count).step_by(step).chain((count > 0 && !(count - 1).is_multiple_of(step)).then(|| count - 1))
}

/// The usual package with one file more, which brings it to 12 KB.
fn large_package() -> Vec<u8> {
    let usual = package::package();
    let elements: Vec<&[u8]> = tlv::children(&usual).map(|element| element.unwrap().raw).collect();
    let content: Vec<u8> = (0..=255_u8).cycle().take(12_000 - usual.len()).collect();
    let fcp = Fcp {
        file_descriptor: Some(vec![0x41, 0x21]),
        file_id: Some([0x6F, 0x01]),
        security_attributes_referenced: Some(vec![0x0A]),
        ef_file_size: Some(u16::try_from(content.len()).unwrap().to_be_bytes().to_vec()),
        ..Fcp::default()
    };
    let file = GenericFileManagement {
        header: PeHeader { mandated: true, identification: 0x60 },
        commands: vec![vec![
            FileManagementCommand::FilePath(Vec::new()),
            FileManagementCommand::CreateFcp(Box::new(fcp)),
            FileManagementCommand::FillFileContent(content),
        ]],
        unknown: Vec::new(),
    };
    let file = ProfileElement::GenericFileManagement(file).to_der();
    let (end, others) = elements.split_last().unwrap();
    let package = [others.concat(), file, end.to_vec()].concat();
    assert!(package.len() >= 12_000);
    package
}

fn new_download(curve: Curve) -> Download {
    Download::prepare(Terminal::new(new_state(curve)), curve)
}

/// With keys of its own: all six functions.
fn binding(download: &Download) -> Binding {
    Binding {
        package: large_package(),
        piece: PIECE,
        replace_session_keys: Some(replace_session_keys(16)),
        ..download.binding()
    }
}

/// The function that each segment of such a package belongs to.
fn functions(count: usize) -> Vec<i64> {
    let mut functions = vec![
        ISC,
        CONFIGURE_ISDP,
        STORE_METADATA,
        STORE_METADATA,
        REPLACE_SESSION_KEYS,
        LOAD_PROFILE_ELEMENTS,
    ];
    functions.resize(count, LOAD_PROFILE_ELEMENTS);
    functions
}

/// The state without what every attempt leaves: results, numbers, one-time keys.
fn lasting(state: &CardState) -> String {
    let mut state = state.clone();
    state.notifications = Default::default();
    state.retained_one_time_key = None;
    text(&state)
}

/// One card that all cases of a sweep are tried on, a session each.
struct Victim {
    download: Download,
    before: String,
    results: usize,
}

impl Victim {
    fn new(curve: Curve) -> Self {
        let download = new_download(curve);
        let before = lasting(download.terminal.card.state());
        Self { download, before, results: 0 }
    }

    /// The segments of the next attempt.
    fn segments(&mut self) -> Segments {
        self.download.again();
        self.clear();
        binding(&self.download).segments()
    }

    /// Forgets old results, so that their store never overflows.
    fn clear(&mut self) {
        let pending = self.download.terminal.notifications();
        for notification in pending {
            let number = notification.metadata().seq_number;
            let mut octets = number.to_be_bytes().to_vec();
            octets.drain(..octets.iter().take_while(|octet| **octet == 0).count().min(7));
            if octets[0] & 0x80 != 0 {
                octets.insert(0, 0);
            }
            let removal = tlv::wrap(0xBF30, &tlv::wrap(0x80, &octets));
            assert_eq!(self.download.terminal.result(&removal), 0);
        }
        self.results = 0;
    }

    /// The attempt failed like this: a signed result, one that can be had again, and nothing else on the card.
    #[track_caller]
    fn failed(&mut self, result: &[u8], expected: (i64, i64), case: &str) {
        assert_eq!(error(result, self.download.curve), expected, "{case}");
        self.results += 1;
        self.unchanged(case);
        let stored = self.download.terminal.notifications();
        assert_eq!(stored.last().unwrap().bytes(), result, "{case}");
    }

    #[track_caller]
    fn unchanged(&mut self, case: &str) {
        assert!(self.download.terminal.card.state().open_installation.is_none(), "{case}");
        assert_eq!(lasting(self.download.terminal.card.state()), self.before, "{case}");
        assert_eq!(self.download.terminal.notifications().len(), self.results, "{case}");
    }

    /// Power goes and comes back; what it interrupted is told.
    #[track_caller]
    fn interrupted(&mut self, function: Option<i64>, case: &str) {
        self.download.terminal.reset();
        let stored = self.download.terminal.notifications();
        match function {
            Some(function) => {
                let result = stored.last().unwrap().bytes().to_vec();
                self.failed(&result, (function, INTERRUPTION), case);
            }
            // SGP.22 §2.5.6.1: nothing had begun that could be interrupted.
            None => self.unchanged(case),
        }
    }
}

#[test]
fn the_package_is_installed_as_long_as_nobody_touches_it() {
    for curve in BOTH_CURVES {
        let mut download = new_download(curve);
        let binding = binding(&download);
        download.install(&binding);
        assert_eq!(download.terminal.profiles(), [(ICCID.to_owned(), false)]);
    }
}

/// SGP.22 §2.5.6.1: scp03tSecurityError, at the function whose TLV it is; for the signature of the first, invalidSignature.
#[test]
fn every_bit_of_every_mac_counts() {
    for (curve, step) in [(Curve::P256, 3), (Curve::BrainpoolP256r1, 31)] {
        let mut victim = Victim::new(curve);
        let count = victim.segments().len();
        // The two headers of lists have no MAC.
        let with_mac: Vec<usize> = (0..count).filter(|index| ![2, 5].contains(index)).collect();
        for case in cases(with_mac.len() * 64, step) {
            let (index, bit) = (with_mac[case / 64], case % 64);
            let mut segments = victim.segments();
            let end = segments[index].len();
            segments[index][end - 8 + bit / 8] ^= 0x80 >> (bit % 8);
            // Nothing is answered before the segment that is wrong.
            assert_eq!(victim.download.load(&segments[..index].to_vec()), (Vec::new(), 0x9000));
            let (result, status) = victim.download.terminal.es10(&segments[index]);
            assert_eq!(status, 0x9000);
            let function = functions(count)[index];
            let reason = if function == ISC { INVALID_SIGNATURE } else { SECURITY };
            victim.failed(&result, (function, reason), &format!("segment {index}, bit {bit}"));
            // The session is over (SGP.22 §5.7.6).
            if let Some(next) = segments.get(index + 1) {
                assert_eq!(victim.download.terminal.es10(next), (Vec::new(), 0x6A88));
            }
        }
    }
}

/// What a changed order of segments comes to.
enum Outcome {
    /// Not expected (SGP.22 §5.7.6): no result, the session goes on until power goes.
    Unexpected,
    /// A result.
    Failed(i64, i64),
    /// Taken; the package is never complete.
    Incomplete,
}

impl Victim {
    #[track_caller]
    fn expect(&mut self, segments: &Segments, outcome: &Outcome, case: &str) {
        let (result, status) = self.download.load(segments);
        match outcome {
            Outcome::Failed(function, reason) => {
                assert_eq!(status, 0x9000, "{case}");
                self.failed(&result, (*function, *reason), case);
            }
            Outcome::Unexpected => {
                assert_eq!((result.len(), status), (0, 0x6A88), "{case}");
                self.give_up(case);
            }
            Outcome::Incomplete => {
                assert_eq!((result.len(), status), (0, 0x9000), "{case}");
                self.give_up(case);
            }
        }
    }

    /// What an LPA is left with: the card is reset, and has no profile.
    #[track_caller]
    fn give_up(&mut self, case: &str) {
        let function = self.download.terminal.card.state().open_installation.as_ref();
        let function = function.map(|open| i64::from(open.bpp_command_id));
        self.interrupted(function, case);
    }
}

#[test]
fn every_segment_is_missed() {
    for (curve, step) in [(Curve::P256, 1), (Curve::BrainpoolP256r1, 5)] {
        let mut victim = Victim::new(curve);
        let count = victim.segments().len();
        for index in cases(count, step) {
            let mut segments = victim.segments();
            segments.remove(index);
            let outcome = match index {
                // The last list then does not fill the package, which its length tells.
                4 => Outcome::Failed(LOAD_PROFILE_ELEMENTS, STRUCTURE),
                // Without the first there is no package; without a list or its header the next tag is not expected.
                0..=5 => Outcome::Unexpected,
                last if last + 1 == count => Outcome::Incomplete,
                // The MAC covers what came before.
                _ => Outcome::Failed(LOAD_PROFILE_ELEMENTS, SECURITY),
            };
            victim.expect(&segments, &outcome, &format!("without segment {index}"));
        }
    }
}

#[test]
fn every_segment_is_noticed_when_it_comes_twice() {
    for (curve, step) in [(Curve::P256, 1), (Curve::BrainpoolP256r1, 5)] {
        let mut victim = Victim::new(curve);
        let count = victim.segments().len();
        for index in cases(count, step) {
            let mut segments = victim.segments();
            segments.insert(index, segments[index].clone());
            let case = format!("segment {index} twice");
            if index + 1 == count {
                // The package is complete after the first copy; the second belongs to nothing.
                let (result, _) = victim.download.load(&segments);
                common::smdp::installation_result(&result, curve);
                assert_eq!(victim.download.terminal.es10(&segments[index]), (Vec::new(), 0x6A88));
                assert_eq!(victim.download.terminal.profiles().len(), 1);
                continue;
            }
            let outcome = match index {
                0..=5 => Outcome::Unexpected,
                _ => Outcome::Failed(LOAD_PROFILE_ELEMENTS, SECURITY),
            };
            // The one before the last may be found too long for what is left of the list, before its MAC is looked at.
            let outcome = if index + 2 == count { Outcome::Unexpected } else { outcome };
            victim.expect(&segments, &outcome, &case);
        }
    }
}

#[test]
fn every_two_segments_are_noticed_when_they_are_swapped() {
    let mut victim = Victim::new(Curve::P256);
    let count = victim.segments().len();
    let pairs: Vec<(usize, usize)> =
        (0..count).flat_map(|first| (first + 1..count).map(move |second| (first, second))).collect();
    for case in cases(pairs.len(), 7) {
        let (first, second) = pairs[case];
        let mut segments = victim.segments();
        segments.swap(first, second);
        let (result, status) = victim.download.load(&segments);
        let case = format!("segments {first} and {second} swapped");
        if result.is_empty() {
            assert_eq!(status, 0x6A88, "{case}");
            victim.give_up(&case);
        } else if (first, second) == (4, 5) {
            // A last list that does not fill the package.
            victim.failed(&result, (LOAD_PROFILE_ELEMENTS, STRUCTURE), &case);
        } else {
            // Found when the first of the two comes too early, as a TLV whose MAC is wrong.
            assert!(first > 5, "{case}");
            victim.failed(&result, (LOAD_PROFILE_ELEMENTS, SECURITY), &case);
        }
    }
}

/// SGP.22 §2.5.6.1: installFailedDueToInterruption, at the function that was being received.
#[test]
fn a_package_is_cut_off_by_a_loss_of_power_at_every_byte() {
    for (curve, step) in [(Curve::P256, 61), (Curve::BrainpoolP256r1, 1_009)] {
        let mut victim = Victim::new(curve);
        let segments = victim.segments();
        let lengths: Vec<usize> = segments.iter().map(Vec::len).collect();
        let end_of = |index: usize| lengths[..=index].iter().sum::<usize>();
        let total = end_of(lengths.len() - 1);
        let near_ends = (0..lengths.len()).flat_map(|index| [end_of(index) - 1, end_of(index)]);
        let mut cuts: Vec<usize> = cases(total, step).chain(near_ends).filter(|cut| *cut < total).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for cut in cuts {
            let mut segments = victim.segments();
            let mut left = cut;
            for segment in &mut segments {
                segment.truncate(left);
                left -= segment.len();
            }
            segments.retain(|segment| !segment.is_empty());
            assert_eq!(victim.download.load(&segments), (Vec::new(), 0x9000), "{cut}");
            let function = match cut {
                cut if cut < end_of(0) => None,
                cut if cut < end_of(1) => Some(CONFIGURE_ISDP),
                cut if cut < end_of(3) => Some(STORE_METADATA),
                // Behind the metadata either the keys or the elements may come; the tag tells.
                cut if cut < end_of(4) => {
                    let open = victim.download.terminal.card.state().open_installation.clone().unwrap();
                    let function = i64::from(open.bpp_command_id);
                    assert!([REPLACE_SESSION_KEYS, LOAD_PROFILE_ELEMENTS].contains(&function));
                    Some(function)
                }
                _ => Some(LOAD_PROFILE_ELEMENTS),
            };
            victim.interrupted(function, &format!("cut at {cut} of {total}"));
        }
    }
}

fn installed(package: &[u8]) -> Result<Installed, Failure> {
    let metadata: asn1::Raw<asn1::StoreMetadataRequest> = asn1::Raw::from_der(&metadata()).unwrap();
    interpret(package, &Context { metadata: &metadata, free_memory: 500_000 })
}

/// What the server bound was not whole: a mistake of a profile element, told as such (SGP.22 §5.5.5).
#[test]
fn a_package_that_was_cut_before_it_was_bound_is_no_profile_whatever_the_byte() {
    let package = large_package();
    for cut in cases(package.len(), 13) {
        let failure = installed(&package[..cut]).expect_err("no package is complete without its end");
        assert_eq!(failure.reason.value(), PE_PROCESSING, "{cut}: {failure}");
        assert!(failure.response.is_some(), "{cut}");
    }
    let mut victim = Victim::new(Curve::P256);
    for cut in cases(package.len(), 601).filter(|cut| whole() || cut % 2 == 0) {
        let mut cut_binding = {
            victim.segments();
            binding(&victim.download)
        };
        cut_binding.package.truncate(cut);
        let (result, status) = victim.download.load(&cut_binding.segments());
        assert_eq!(status, 0x9000, "{cut}");
        if cut == 0 {
            // A list without elements is no list (SGP.22 §2.5.4).
            victim.failed(&result, (LOAD_PROFILE_ELEMENTS, STRUCTURE), "nothing of it");
        } else {
            victim.failed(&result, (LOAD_PROFILE_ELEMENTS, PE_PROCESSING), &format!("cut at {cut}"));
        }
    }
}

/// A package with any bit flipped is a package or none; the interpreter says which, and never more than that.
#[test]
fn a_package_with_a_flipped_bit_is_interpreted_or_refused() {
    let package = package::package();
    let parsed = |bytes: &[u8]| ProfilePackage::parse(bytes).is_ok();
    assert!(parsed(&package));
    let mut refused = 0;
    let bits = package.len() * 8;
    for bit in cases(bits, 3) {
        let mut spoiled = package.clone();
        spoiled[bit / 8] ^= 0x80 >> (bit % 8);
        if let Err(failure) = installed(&spoiled) {
            assert!(failure.response.is_some(), "{bit}: {failure}");
            refused += 1;
        }
    }
    assert!(refused > 0);
}
