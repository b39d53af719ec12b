//! SM-DP+ or SM-DS: what the procedure calls them, and how they refuse.

use crate::status::StatusCode;

/// A kind of server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// The certificate that it shows to eUICCs.
    pub certificate: &'static str,
    /// Where InitiateAuthentication is specified.
    pub initiate_authentication: &'static str,
    /// Where AuthenticateClient is specified.
    pub authenticate_client: &'static str,
    /// The address is another server's.
    pub address_refused: StatusCode,
    /// No CI key that the eUICC signs under is known.
    pub security_configuration_unsupported: StatusCode,
    /// The eUICC is of another version.
    pub svn_unsupported: StatusCode,
    /// No certificate under a CI key that the eUICC verifies with.
    pub certificate_unavailable: StatusCode,
}

impl Kind {
    /// An SM-DP+ (SGP.22 §5.6).
    pub const SMDP: Self = Self {
        name: "SM-DP+",
        certificate: "CERT.DPauth",
        initiate_authentication: "SGP.22 §5.6.1",
        authenticate_client: "SGP.22 §5.6.3",
        address_refused: StatusCode::SMDP_ADDRESS_REFUSED,
        security_configuration_unsupported: StatusCode::SECURITY_CONFIGURATION_UNSUPPORTED,
        svn_unsupported: StatusCode::SVN_UNSUPPORTED,
        certificate_unavailable: StatusCode::SMDP_CERTIFICATE_UNAVAILABLE,
    };

    /// An SM-DS (SGP.22 §5.8).
    pub const SMDS: Self = Self {
        name: "SM-DS",
        certificate: "CERT.DSauth",
        initiate_authentication: "SGP.22 §5.8.1",
        authenticate_client: "SGP.22 §5.8.2",
        address_refused: StatusCode::SMDS_ADDRESS_REFUSED,
        security_configuration_unsupported: StatusCode::SMDS_SECURITY_CONFIGURATION_UNSUPPORTED,
        svn_unsupported: StatusCode::SMDS_SVN_UNSUPPORTED,
        certificate_unavailable: StatusCode::SMDS_CERTIFICATE_UNAVAILABLE,
    };
}
