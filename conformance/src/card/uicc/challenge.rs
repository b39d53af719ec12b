//! AUTHENTICATE of the network of a profile (3GPP TS 31.102 §7.1), and what a card makes of it.

use std::fmt;

use crypto::aka::{AkaFunctions, Rand, Sqn, TestAlgorithm, autn, gsm, open_auts};
use lpa::apdu::StatusWord;

use super::super::bench::Stop;
use super::super::line::Answer;

/// A challenge of the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Challenge {
    /// Which context, by P2.
    pub context: u8,
    /// SEQ and IND of the sequence number (3GPP TS 33.102 annex C.3.2).
    pub number: (u64, u8),
    /// AMF.
    pub amf: [u8; 2],
    /// Whether a bit of the MAC is wrong.
    pub forged: bool,
    /// What has to come of it.
    pub wanted: Answered,
}

/// What a card makes of a challenge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answered {
    /// RES, CK and IK of the subscriber, and nothing behind them.
    Keys,
    /// The same, and Kc behind them.
    KeysAndKc,
    /// SRES and Kc, as for a GSM network.
    Gsm,
    /// AUTS with this SEQ and IND.
    Synchronisation(u64, u8),
    /// This status word, and no data.
    Status(u16),
}

/// A random challenge: each byte another, and each number of the network makes it another one.
const RAND: Rand =
    [0x5A, 0x11, 0xE2, 0x33, 0xC4, 0x95, 0x06, 0x77, 0xD8, 0xA9, 0x3A, 0x6B, 0xFC, 0x2D, 0x8E, 0xBF];
const AMF: [u8; 2] = [0x80, 0x00];
/// P2: specific reference data, and the context (3GPP TS 31.102 §7.1.2).
pub const GSM: u8 = 0x80;
pub const SECURITY_3G: u8 = 0x81;

impl Challenge {
    /// A good challenge in the 3G security context.
    pub const fn of(seq: u64, ind: u8, wanted: Answered) -> Self {
        Self { context: SECURITY_3G, number: (seq, ind), amf: AMF, forged: false, wanted }
    }

    /// A challenge whose MAC is wrong.
    pub const fn forged(seq: u64, ind: u8) -> Self {
        Self { forged: true, ..Self::of(seq, ind, Answered::Status(0x9862)) }
    }

    /// A challenge with the AMF by which the network of the test algorithm asks for AUTS (3GPP TS 34.108 §8.1.2.2).
    pub const fn resynchronising(seq: u64, ind: u8, wanted: Answered) -> Self {
        Self { amf: TestAlgorithm::AMF_RESYNCH, ..Self::of(seq, ind, wanted) }
    }

    /// RAND alone, as for a GSM network.
    pub const fn gsm(wanted: Answered) -> Self {
        Self { context: GSM, ..Self::of(0, 0, wanted) }
    }

    fn rand(self) -> Rand {
        let mut rand = RAND;
        rand.iter_mut().zip(sqn(self.number)).for_each(|(byte, number)| *byte ^= number);
        rand
    }

    /// The command APDU.
    pub(in crate::card) fn command(self, functions: &dyn AkaFunctions) -> Vec<u8> {
        let rand = self.rand();
        let mut data = behind_length(&rand);
        if self.context != GSM {
            let mut token = autn(functions, &rand, &sqn(self.number), &self.amf);
            if let Some(last) = token.last_mut().filter(|_| self.forged) {
                *last ^= 1;
            }
            data.extend(behind_length(&token));
        }
        [&[0x00, 0x88, 0x00, self.context], &behind_length(&data)[..], &[0x00]].concat()
    }

    /// Judges the answer; gives what it is instead.
    pub(in crate::card) fn judge(
        self,
        functions: &dyn AkaFunctions,
        answer: &Answer,
    ) -> Result<Result<(), String>, Stop> {
        let status = answer.status;
        if let Answered::Status(wanted) = self.wanted {
            let refused = status.0 == wanted && answer.data.is_empty();
            return Ok(if refused { Ok(()) } else { Err(super::shown(answer)) });
        }
        if !status.is_success() {
            return Ok(Err(super::shown(answer)));
        }
        if let Answered::Synchronisation(seq, ind) = self.wanted {
            return Ok(synchronisation(functions, &self.rand(), &answer.data, sqn((seq, ind))));
        }
        let expected = self.expected(functions)?;
        // The keys themselves are of a test, and still no report shows them.
        let told = || format!("{} bytes that are not these", answer.data.len());
        Ok(if answer.data == expected { Ok(()) } else { Err(told()) })
    }

    fn expected(self, functions: &dyn AkaFunctions) -> Result<Vec<u8>, Stop> {
        let keys = functions.f2345(&self.rand());
        let kc =
            || gsm::kc(&keys.ck, &keys.ik).ok_or_else(|| Stop::impossible("there is no Kc of long keys"));
        let members = match self.wanted {
            Answered::Gsm => {
                let sres = gsm::sres(&keys.res).ok_or_else(|| Stop::impossible("there is no SRES"))?;
                return Ok([behind_length(&sres), behind_length(&kc()?)].concat());
            }
            Answered::KeysAndKc => {
                vec![keys.res.to_vec(), keys.ck.to_vec(), keys.ik.to_vec(), kc()?.to_vec()]
            }
            _ => vec![keys.res.to_vec(), keys.ck.to_vec(), keys.ik.to_vec()],
        };
        const SUCCESS: u8 = 0xDB;
        let members = members.iter().flat_map(|member| behind_length(member));
        Ok(std::iter::once(SUCCESS).chain(members).collect())
    }
}

fn synchronisation(
    functions: &dyn AkaFunctions,
    rand: &Rand,
    data: &[u8],
    wanted: Sqn,
) -> Result<(), String> {
    let [0xDC, length, auts @ ..] = data else {
        return Err(format!("{} bytes that are no AUTS", data.len()));
    };
    if usize::from(*length) != auts.len() {
        return Err(format!("a length of {length} in front of {} bytes", auts.len()));
    }
    match open_auts(functions, rand, auts) {
        Ok(number) if number == wanted => Ok(()),
        Ok(number) => Err(format!("AUTS with {}", as_seq_and_ind(number))),
        Err(error) => Err(format!("AUTS that cannot be opened: {error}")),
    }
}

fn sqn((seq, ind): (u64, u8)) -> Sqn {
    let [_, _, sqn @ ..] = (seq << 5 | u64::from(ind & 0x1F)).to_be_bytes();
    sqn
}

fn as_seq_and_ind(number: Sqn) -> String {
    let [a, b, c, d, e, f] = number;
    let number = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    format!("SEQ {}, IND {}", number >> 5, number & 0x1F)
}

fn behind_length(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    [&[length], bytes].concat()
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.context == GSM {
            return write!(f, "AUTHENTICATE in the GSM context: {}", self.wanted);
        }
        let forged = if self.forged { " and a wrong MAC" } else { "" };
        let (seq, ind) = self.number;
        let amf = if self.amf == AMF { "" } else { ", the AMF that asks for AUTS" };
        write!(f, "AUTHENTICATE with SEQ {seq}, IND {ind}{amf}{forged}: {}", self.wanted)
    }
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys => f.write_str("RES, CK and IK of the subscriber"),
            Self::KeysAndKc => f.write_str("RES, CK, IK and Kc of the subscriber"),
            Self::Gsm => f.write_str("SRES and Kc of the subscriber"),
            Self::Synchronisation(seq, ind) => write!(f, "AUTS with SEQ {seq}, IND {ind}"),
            Self::Status(status) => StatusWord(*status).fmt(f),
        }
    }
}
