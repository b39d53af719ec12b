//! The TLS certificates of callers.

use certs::workshop::Holder;
use certs::{Oid, Role};
use rand_core::CryptoRng;

use super::{Authority, ClientDefect, PkiError, TlsChain};

/// Who calls a server that asks for a certificate.
#[derive(Clone, Copy, Debug)]
pub enum Client<'a> {
    /// An operator, on ES2+.
    Operator {
        /// Its name, the common name of the certificate.
        name: &'a str,
        /// Its object identifier (SGP.22 §6.4).
        oid: &'a Oid,
    },
    /// An SM-DP+ on these hosts, on ES12: it calls with CERT.DP.TLS.
    SmDp(&'a [String]),
    /// An SM-DS on these hosts, on ES15: it calls with CERT.DS.TLS.
    SmDs(&'a [String]),
}

impl Authority {
    /// The certificate of a caller, good but for the defect.
    ///
    /// # Errors
    /// [`PkiError::NoKey`] without the Certificate Issuer's key, [`PkiError::Workshop`] if a host is none.
    pub fn client(
        &self,
        client: &Client<'_>,
        defect: Option<ClientDefect>,
        rng: &mut dyn CryptoRng,
    ) -> Result<TlsChain, PkiError> {
        let holder = match *client {
            Client::Operator { name, oid } => Holder::Operator(name, oid),
            Client::SmDp(hosts) => Holder::Tls(Role::DpTls, hosts),
            Client::SmDs(hosts) => Holder::Tls(Role::DsTls, hosts),
        };
        self.tls_chain(&holder, "", defect.map(ClientDefect::spoils), rng)
    }
}
