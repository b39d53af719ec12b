//! Of the answer to InitiateAuthentication.

use asn1::{ServerSigned1, SubjectKeyIdentifier};

use super::{certificate, complete, object, session, signature};
use crate::server::expected::Property;
use crate::server::play::Player;

/// SGP.22 §5.6.1, table of output.
pub const COMPLETE: Property = Property {
    says: "transactionId, serverSigned1, serverSignature1, euiccCiPKIdToBeUsed and serverCertificate are there",
    verify: |player| {
        let names = [
            "transactionId",
            "serverSigned1",
            "serverSignature1",
            "euiccCiPKIdToBeUsed",
            "serverCertificate",
        ];
        complete(&session(player)?.initiated, &names)
    },
};

/// SGP.22 §5.6.1: over the DER of serverSigned1.
pub const SIGNATURE: Property = Property {
    says: "serverSignature1 verifies over serverSigned1 with the key of serverCertificate",
    verify: |player| {
        let initiated = &session(player)?.initiated;
        let (shown, covered) = (initiated.octets("serverCertificate")?, initiated.octets("serverSigned1")?);
        signature(shown, initiated.octets("serverSignature1")?, covered, "serverSignature1")
    },
};

/// SGP.22 §5.6.1, §4.5.2.2.
pub const CERTIFICATE: Property = Property {
    says: "serverCertificate is valid, of the server's role and below the CI of the eUICC",
    verify: |player| {
        let shown = session(player)?.initiated.octets("serverCertificate")?;
        certificate(player, shown, player.target.auth_role())
    },
};

/// SGP.22 §5.6.1, §2.6.7.1.
pub const CI: Property = Property {
    says: "euiccCiPKIdToBeUsed is the known CI of euiccCiPKIdListForSigning",
    verify: |player| {
        let chosen: SubjectKeyIdentifier = object(&session(player)?.initiated, "euiccCiPKIdToBeUsed")?;
        let known = player.root.anchor.key_identifier();
        if chosen == *known { Ok(()) } else { Err(format!("it is {chosen}, the eUICC signs under {known}")) }
    },
};

/// SGP.22 §5.6.1.
pub const CHALLENGE: Property = Property {
    says: "euiccChallenge in serverSigned1 is the one of the request",
    verify: |player| {
        let signed: ServerSigned1 = signed1(player)?;
        let sent = session(player)?.euicc_challenge;
        if *signed.euicc_challenge.bytes() == sent {
            Ok(())
        } else {
            Err(format!("it is {}", signed.euicc_challenge))
        }
    },
};

/// SGP.22 §5.6.1.
pub const TRANSACTION: Property = Property {
    says: "transactionId in serverSigned1 is the one beside it",
    verify: |player| {
        let (signed, outer) = (signed1(player)?.transaction_id, &session(player)?.transaction_id);
        if signed.bytes() == outer.as_slice() { Ok(()) } else { Err(format!("{signed} is signed")) }
    },
};

/// SGP.22 §3.1.2 step 10: the LPA compares it with the address that it called.
pub const ADDRESS: Property = Property {
    says: "serverAddress in serverSigned1 is the address of the request",
    verify: |player| {
        let signed = signed1(player)?.server_address;
        let called = &player.target.address;
        if called.is_meant_by(&signed) { Ok(()) } else { Err(format!("it is {signed:?}")) }
    },
};

/// SGP.22 §6.5.2.6: `^[0-9,A-F]{2,32}$`.
pub const UPPER_CASE: Property = Property {
    says: "transactionId is written in 2 to 32 upper-case hexadecimal digits",
    verify: |player| {
        let initiated = &session(player)?.initiated;
        let written = initiated.json().get("transactionId").ok_or("transactionId is missing")?;
        let text = written.as_str().unwrap_or_default();
        let digits = text.bytes().all(|c| c.is_ascii_digit() || (b'A'..=b'F').contains(&c));
        if (2..=32).contains(&text.len()) && digits { Ok(()) } else { Err(format!("it is {written}")) }
    },
};

/// SGP.22 §3.1.2 step 7.
pub const FRESH: Property = Property {
    says: "transactionId and serverChallenge are others than those of the session before",
    verify: |player| {
        let now = session(player)?;
        let Some(before) = &player.earlier else { return Err("there was no session before".to_owned()) };
        if now.transaction_id == before.transaction_id {
            return Err("the transactionId is the same".to_owned());
        }
        if now.server_challenge == before.server_challenge {
            return Err("the serverChallenge is the same".to_owned());
        }
        Ok(())
    },
};

fn signed1(player: &Player<'_>) -> Result<ServerSigned1, String> {
    object(&session(player)?.initiated, "serverSigned1")
}
