//! Who holds a certificate.

use std::fmt;

use crate::oid::{self, Oid};

/// The role of a certificate's holder, which a certificate policy below id-rspRole names (SGP.22 annex H).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// CERT.CI.ECDSA: the Certificate Issuer, root of trust.
    Ci,
    /// CERT.EUICC.ECDSA.
    Euicc,
    /// CERT.EUM.ECDSA: the eUICC manufacturer.
    Eum,
    /// CERT.DP.TLS.
    DpTls,
    /// CERT.DPauth.ECDSA: the SM-DP+ authenticates to the eUICC with it.
    DpAuth,
    /// CERT.DPpb.ECDSA: the SM-DP+ binds profiles with it.
    DpPb,
    /// CERT.DS.TLS.
    DsTls,
    /// CERT.DSauth.ECDSA: the SM-DS authenticates to the eUICC with it.
    DsAuth,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 8] =
        [Role::Ci, Role::Euicc, Role::Eum, Role::DpTls, Role::DpAuth, Role::DpPb, Role::DsTls, Role::DsAuth];

    /// The last arc of the role's policy identifier, below id-rspRole.
    const fn arc(self) -> u32 {
        match self {
            Role::Ci => 0,
            Role::Euicc => 1,
            Role::Eum => 2,
            Role::DpTls => 3,
            Role::DpAuth => 4,
            Role::DpPb => 5,
            Role::DsTls => 6,
            Role::DsAuth => 7,
        }
    }

    /// The certificate policy that names this role, 2.23.146.1.2.1.x (SGP.22 annex H, chain variant O).
    #[must_use]
    pub fn policy(self) -> Oid {
        let mut arcs = oid::RSP_ROLE.to_vec();
        arcs.push(self.arc());
        Oid::new_unchecked(arcs.into())
    }

    /// The role that a certificate policy names, if it names one.
    #[must_use]
    pub fn from_policy(policy: &Oid) -> Option<Role> {
        let arcs: &[u32] = policy.as_ref();
        let (last, parent) = arcs.split_last()?;
        Role::ALL.into_iter().find(|role| parent == oid::RSP_ROLE && role.arc() == *last)
    }

    /// What certificate policies name, in words.
    pub(crate) fn describe(named: Option<Role>) -> String {
        named.map_or_else(|| "no role or several".to_owned(), |role| role.to_string())
    }

    /// The certificate's name in SGP.22, for example `CERT.DPauth.ECDSA`.
    #[must_use]
    pub const fn certificate_name(self) -> &'static str {
        match self {
            Role::Ci => "CERT.CI.ECDSA",
            Role::Euicc => "CERT.EUICC.ECDSA",
            Role::Eum => "CERT.EUM.ECDSA",
            Role::DpTls => "CERT.DP.TLS",
            Role::DpAuth => "CERT.DPauth.ECDSA",
            Role::DpPb => "CERT.DPpb.ECDSA",
            Role::DsTls => "CERT.DS.TLS",
            Role::DsAuth => "CERT.DSauth.ECDSA",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Ci => "ci",
            Role::Euicc => "euicc",
            Role::Eum => "eum",
            Role::DpTls => "dp-tls",
            Role::DpAuth => "dp-auth",
            Role::DpPb => "dp-pb",
            Role::DsTls => "ds-tls",
            Role::DsAuth => "ds-auth",
        })
    }
}

/// The shape of a certificate chain. SGP.22 v2.x knows one; later versions add Ov3, A, B and C.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Variant {
    /// Servers directly below the Certificate Issuer, eUICCs below an EUM (SGP.22 v2.x, figure 30).
    #[default]
    O,
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Variant::O => f.write_str("O"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_policy_identifier_and_comes_back_from_it() {
        let expected = ["0", "1", "2", "3", "4", "5", "6", "7"].map(|arc| format!("2.23.146.1.2.1.{arc}"));
        let policies = Role::ALL.map(|role| role.policy().to_string());
        assert_eq!(policies, expected);
        for role in Role::ALL {
            assert_eq!(Role::from_policy(&role.policy()), Some(role));
        }
    }

    #[test]
    fn a_policy_below_another_arc_names_no_role() {
        assert_eq!(Role::from_policy(&oid::owned(&[2, 23, 146, 1, 2, 2, 4])), None);
        assert_eq!(Role::from_policy(&oid::owned(&[2, 23, 146, 1, 2, 1, 8])), None);
        assert_eq!(Role::from_policy(&oid::owned(&[2, 23, 146, 1, 2, 1, 0, 4])), None);
    }
}
