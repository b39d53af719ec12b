//! GetEUICCChallenge (SGP.22 §5.7.7).

use asn1::tlv::{self, Tlv};

use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::no_input;
use crate::session::RspSession;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    no_input(&request)?;
    // SGP.22 §3.1.5: an installation under way is discarded without a result. A one-time key that was prepared and
    // not used stays for a retry; it was kept when it was made.
    if isdr.state().open_installation.is_some() {
        let mut draft = isdr.state().clone();
        draft.open_installation = None;
        isdr.commit(draft)?;
    }
    let mut challenge = [0; 16];
    isdr.rng().fill_bytes(&mut challenge);
    isdr.session = Some(RspSession::Challenged(challenge));
    Ok(tlv::wrap(tag::GET_EUICC_CHALLENGE, &tlv::wrap(0x80, &challenge)))
}
