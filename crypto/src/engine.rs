//! The two implementations of elliptic curve arithmetic.

pub(crate) mod aws_lc;
pub(crate) mod rust_crypto;

/// Which implementation computes with a key.
///
/// Both give the same answers; they differ in speed and in how a signature's nonce is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The `p256` and `bp256` crates. Signatures are deterministic (RFC 6979).
    RustCrypto,
    /// AWS-LC for P-256, three to six times as fast. Its signatures draw their nonce from AWS-LC's own generator,
    /// so two signatures over the same bytes differ. AWS-LC does not know brainpoolP256r1: keys on that curve
    /// are computed by RustCrypto whichever engine is asked for.
    AwsLc,
}
