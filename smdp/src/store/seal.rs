//! What of a record is a secret, sealed before it meets the data base.

use std::fmt;
use std::future::Future;

use asn1::Iccid;
use crypto::at_rest::AtRestKey;
use crypto::scp03t::SessionKeys;
use data_encoding::HEXLOWER_PERMISSIVE;
use protocol::bpp::ProtectedPackage;
use protocol::confirmation_code::ConfirmationCodeHash;
use service::database::{Row, Transaction, Value, damage};
use thiserror::Error;
use zeroize::Zeroizing;

use super::StoreError;
use crate::domain::Package;

/// The key under which a store seals profile packages, the keys that protect them and hashes of confirmation codes.
#[derive(Clone)]
pub struct StoreKey(Zeroizing<[u8; 32]>);

/// A text is no store key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a store key is 64 hexadecimal digits")]
pub struct StoreKeyError;

impl StoreKey {
    /// A key from 32 random bytes.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// Reads 64 hexadecimal digits; white space around them does not matter.
    ///
    /// # Errors
    /// [`StoreKeyError`]
    pub fn from_hex(text: &str) -> Result<Self, StoreKeyError> {
        let bytes =
            Zeroizing::new(HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| StoreKeyError)?);
        let secret: [u8; 32] = bytes.as_slice().try_into().map_err(|_| StoreKeyError)?;
        Ok(Self::new(secret))
    }

    /// As it is written into a file.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(HEXLOWER_PERMISSIVE.encode(&*self.0))
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey")
    }
}

/// Seals and opens.
#[derive(Debug)]
pub struct Sealer(AtRestKey);

impl Sealer {
    /// With this key.
    pub fn new(key: &StoreKey) -> Result<Self, StoreError> {
        AtRestKey::new(&key.0).map(Self).map_err(|error| StoreError::Storage(error.to_string()))
    }

    pub fn seal_package(&self, iccid: &Iccid, package: &Package) -> Result<Vec<u8>, StoreError> {
        self.seal(&context("package", iccid), &package.0)
    }

    pub fn open_package(&self, iccid: &Iccid, sealed: &[u8]) -> Result<Package, StoreError> {
        self.open(&context("package", iccid), sealed).map(Package)
    }

    /// Protects a package ahead of time, under keys that nobody can tell who has not the store's key.
    pub fn protect_package(&self, iccid: &Iccid, package: &Package) -> ProtectedPackage {
        let keys = self.0.keys_for(&context("profile protection keys", iccid), &package.0);
        ProtectedPackage::protect(&package.0, keys)
    }

    /// Seals the keys of profile elements of this length: SCP03t does not tell where they end. Their bytes are covered by its MACs,
    /// which the eUICC verifies.
    pub fn seal_keys(&self, iccid: &Iccid, keys: &SessionKeys, length: usize) -> Result<Vec<u8>, StoreError> {
        self.seal(&context_of_keys(iccid, length), &*keys.to_key_data())
    }

    pub fn open_keys(&self, iccid: &Iccid, sealed: &[u8], length: usize) -> Result<SessionKeys, StoreError> {
        session_keys(&self.open(&context_of_keys(iccid, length), sealed)?, "protection_keys")
    }

    /// Seals the session keys that this one-time key of an eUICC led to.
    pub fn seal_session_keys(
        &self,
        iccid: &Iccid,
        euicc_otpk: &[u8],
        keys: &SessionKeys,
    ) -> Result<Vec<u8>, StoreError> {
        self.seal(&context_of_session(iccid, euicc_otpk), &*keys.to_key_data())
    }

    pub fn open_session_keys(
        &self,
        iccid: &Iccid,
        euicc_otpk: &[u8],
        sealed: &[u8],
    ) -> Result<SessionKeys, StoreError> {
        session_keys(&self.open(&context_of_session(iccid, euicc_otpk), sealed)?, "session_keys")
    }

    /// The hash of a code of a few digits is as good as the code.
    pub fn seal_code(&self, iccid: &Iccid, hash: &ConfirmationCodeHash) -> Result<Vec<u8>, StoreError> {
        self.seal(&context("confirmation code", iccid), hash.as_bytes())
    }

    pub fn open_code(&self, iccid: &Iccid, sealed: &[u8]) -> Result<ConfirmationCodeHash, StoreError> {
        let hash = self.open(&context("confirmation code", iccid), sealed)?;
        let hash = <[u8; 32]>::try_from(hash.as_slice());
        hash.map(ConfirmationCodeHash::from_bytes).map_err(|_| damage("confirmation_code"))
    }

    /// The body of a call may hold a confirmation code: its plain hash would give it away.
    pub fn fingerprint(&self, content: &[u8]) -> Vec<u8> {
        self.0.fingerprint(content).to_vec()
    }

    fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.0.seal(context, plain).map_err(|error| StoreError::Storage(error.to_string()))
    }

    fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.0.open(context, sealed).map_err(|_| {
            StoreError::Storage(
                "a sealed record does not open: it was changed, or sealed with another key".to_owned(),
            )
        })
    }
}

fn context(what: &str, iccid: &Iccid) -> Vec<u8> {
    [what.as_bytes(), b" of ", iccid.bytes()].concat()
}

fn context_of_keys(iccid: &Iccid, length: usize) -> Vec<u8> {
    [context("profile protection keys", iccid), (length as u64).to_be_bytes().to_vec()].concat()
}

fn context_of_session(iccid: &Iccid, euicc_otpk: &[u8]) -> Vec<u8> {
    [&context("session keys", iccid), euicc_otpk].concat()
}

fn session_keys(key_data: &[u8], column: &str) -> Result<SessionKeys, StoreError> {
    key_data.try_into().map(SessionKeys::from_key_data).map_err(|_| damage(column))
}

/// A transaction of a data base that holds secrets.
pub trait SealingTransaction: Transaction {
    /// Seals what is secret.
    fn sealer(&self) -> &Sealer;
}

/// A transaction, and what seals the secrets in it.
pub struct Sealing<'a, T> {
    inner: &'a T,
    sealer: &'a Sealer,
}

impl<'a, T> Sealing<'a, T> {
    pub fn new(inner: &'a T, sealer: &'a Sealer) -> Self {
        Self { inner, sealer }
    }
}

impl<T: Transaction> SealingTransaction for Sealing<'_, T> {
    fn sealer(&self) -> &Sealer {
        self.sealer
    }
}

impl<T: Transaction> Transaction for Sealing<'_, T> {
    const FOR_UPDATE: &'static str = T::FOR_UPDATE;
    const SKIP_LOCKED: &'static str = T::SKIP_LOCKED;

    fn rows(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        self.inner.rows(sql, parameters)
    }

    fn execute(
        &self,
        sql: &str,
        parameters: &[Value],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        self.inner.execute(sql, parameters)
    }
}
