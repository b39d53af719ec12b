//! Of the answer to AuthenticateClient.

use asn1::{SmdpSigned2, StoreMetadataRequest};
use certs::Role;

use super::{certificate, complete, object, session, signature};
use crate::server::expected::Property;
use crate::server::message::Members;
use crate::server::play::{Offered, Player};

/// SGP.22 §5.6.3, table of output.
pub const COMPLETE: Property = Property {
    says: "transactionId, profileMetadata, smdpSigned2, smdpSignature2 and smdpCertificate are there",
    verify: |player| {
        let names = ["transactionId", "profileMetadata", "smdpSigned2", "smdpSignature2", "smdpCertificate"];
        complete(offered(player)?, &names)
    },
};

/// SGP.22 §3.1.3 step 5: over smdpSigned2 and the data object of euiccSignature1.
pub const SIGNATURE: Property = Property {
    says: "smdpSignature2 verifies over smdpSigned2 and euiccSignature1 with the key of smdpCertificate",
    verify: |player| {
        let offered = offered(player)?;
        let covered = [offered.octets("smdpSigned2")?, &session(player)?.euicc_signature1].concat();
        signature(
            offered.octets("smdpCertificate")?,
            offered.octets("smdpSignature2")?,
            &covered,
            "smdpSignature2",
        )
    },
};

/// SGP.22 §5.6.3, §4.5.2.2.
pub const CERTIFICATE: Property = Property {
    says: "smdpCertificate is a valid CERT.DPpb below the CI of the eUICC",
    verify: |player| certificate(player, offered(player)?.octets("smdpCertificate")?, Role::DpPb),
};

/// SGP.22 §4.5.2.1: the same registeredID in both.
pub const SAME_SERVER: Property = Property {
    says: "CERT.DPpb has the OID of CERT.DPauth",
    verify: |player| {
        let session = session(player)?;
        let oid = session.offered.as_ref().map(|offered: &Offered| offered.smdp_oid.as_slice());
        match oid {
            Some([]) => Err("CERT.DPpb has no OID".to_owned()),
            Some(oid) if oid == session.server_oid => Ok(()),
            _ => Err("it has another".to_owned()),
        }
    },
};

/// SGP.22 §5.6.3.
pub const TRANSACTION: Property = Property {
    says: "transactionId is that of the session, beside smdpSigned2 and in it",
    verify: |player| {
        let session = session(player)?;
        if offered(player)?.octets("transactionId")? != session.transaction_id {
            return Err("the one beside smdpSigned2 is another".to_owned());
        }
        let signed = signed2(player)?.transaction_id;
        if signed.bytes() == session.transaction_id { Ok(()) } else { Err(format!("{signed} is signed")) }
    },
};

/// SGP.22 §5.6.3, §4.4.
pub const METADATA: Property = Property {
    says: "profileMetadata has the ICCID of the order, and names of provider and profile",
    verify: |player| {
        let metadata: StoreMetadataRequest = object(offered(player)?, "profileMetadata")?;
        let shown = metadata.iccid.to_string();
        let ordered = player.order.as_ref().and_then(|order| order.iccid.as_deref());
        // With and without a filling F at the end, it is the same profile.
        let same = |ordered: &str| ordered.trim_end_matches(['F', 'f']) == shown.trim_end_matches(['F', 'f']);
        if ordered.is_none_or(same) { Ok(()) } else { Err(format!("its ICCID is {shown}")) }
    },
};

/// SGP.22 §5.6.3.
pub const NO_CODE_REQUIRED: Property = Property {
    says: "ccRequiredFlag is not set",
    verify: |player| if signed2(player)?.cc_required_flag { Err("it is set".to_owned()) } else { Ok(()) },
};

/// SGP.22 §5.6.3.
pub const CODE_REQUIRED: Property = Property {
    says: "ccRequiredFlag is set",
    verify: |player| if signed2(player)?.cc_required_flag { Ok(()) } else { Err("it is not".to_owned()) },
};

/// SGP.22 §3.1.3 step 5: bppEuiccOtpk is optional; where it is there it has to be the key of the package.
pub const EARLIER_KEY: Property = Property {
    says: "bppEuiccOtpk is absent, or the one-time key that the package was bound with",
    verify: |player| {
        let Some(named) = signed2(player)?.bpp_euicc_otpk else { return Ok(()) };
        let earlier = player.earlier.as_ref().and_then(|earlier| earlier.one_time_key.as_ref());
        match earlier {
            Some(key) if key.public_key().point().as_slice() == named.bytes() => Ok(()),
            _ => Err("it is another key".to_owned()),
        }
    },
};

fn offered<'p>(player: &'p Player<'_>) -> Result<&'p Members, String> {
    let offered = session(player)?.offered.as_ref();
    offered.map(|offered| &offered.members).ok_or_else(|| "no profile was offered".to_owned())
}

fn signed2(player: &Player<'_>) -> Result<SmdpSigned2, String> {
    object(offered(player)?, "smdpSigned2")
}
