//! `rsp certs operator`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, ensure};
use certs::tree::{self, Pki};
use certs::workshop::{Holder, Workshop};
use certs::{Identity, Oid, Role, UnixTime, Variant, oid};
use clap::Args;
use crypto::{Curve, Engine};
use data_encoding::HEXLOWER;

use crate::io::{folder, machine, private};

#[derive(Args)]
pub struct Operator {
    /// Its name in the configuration of the SM-DP+: letters, digits, '-' and '_', at most 64
    #[arg(long)]
    name: Name,
    /// The folder for NAME.pem and NAME.key
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The object identifier that the certificate carries
    #[arg(long, default_value = "2.999.20", value_parser = oid::parse)]
    oid: Oid,
    /// The PKI whose CI issues the certificate; needs the CI's key. Without it the certificate is signed by itself
    #[arg(long, value_name = "FOLDER")]
    issue_from: Option<PathBuf>,
}

/// A name that can be part of a file's.
#[derive(Clone)]
struct Name(String);

impl FromStr for Name {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        match (1..=64).contains(&text.len()) && fits {
            true => Ok(Self(text.to_owned())),
            false => Err("1 to 64 letters, digits, '-' and '_' are needed"),
        }
    }
}

impl Operator {
    pub fn run(self) -> Result<()> {
        let identity = self.identity()?;
        fs::create_dir_all(&self.out).with_context(|| format!("cannot make {}", self.out.display()))?;
        let Name(name) = &self.name;
        let certificate = self.out.join(format!("{name}.pem"));
        let key = self.out.join(format!("{name}.key"));
        for file in [&certificate, &key] {
            ensure!(!file.exists(), "{} is there already and is not written over", file.display());
        }
        write(private::options(), &key, identity.key().to_pem()?.as_bytes())?;
        write(OpenOptions::new(), &certificate, identity.certificate().to_pem().as_bytes())?;
        println!("certificate  {}", certificate.display());
        println!("key          {}", key.display());
        println!("SHA-256      {}", HEXLOWER.encode(&crypto::digest::sha256(identity.certificate().raw())));
        println!("\nFor the configuration file of the SM-DP+, which reads paths relative to itself:\n");
        println!("{}", self.entry(&certificate));
        Ok(())
    }

    fn identity(&self) -> Result<Identity> {
        let issuer = self.issue_from.as_deref().map(issuer).transpose()?;
        let mut rng = machine::system_rng()?;
        let mut workshop = Workshop::new(UnixTime(machine::system_clock().now().unix_seconds()), &mut rng);
        let Name(name) = &self.name;
        Ok(match &issuer {
            Some(issuer) => workshop.issue(issuer, &Holder::Operator(name, &self.oid))?,
            None => workshop.self_signed_operator(name, &self.oid)?,
        })
    }

    /// The lines by which an SM-DP+ knows the operator.
    fn entry(&self, certificate: &Path) -> String {
        let text = |text: String| toml::Value::String(text);
        let path = |path: &Path| text(path.display().to_string());
        let known_by = match &self.issue_from {
            None => format!("certificate = {}", path(certificate)),
            Some(pki) => {
                let authority = pki.join(tree::certificate_path(Variant::O, Curve::P256, Role::Ci));
                format!("oid = {}\nauthority = {}", text(self.oid.to_string()), path(&authority))
            }
        };
        format!("[[operator]]\nname = {}\n{known_by}", text(self.name.0.clone()))
    }
}

/// The CI whose certificates TLS can verify: that on P-256.
fn issuer(pki: &Path) -> Result<Identity> {
    let pki = Pki::from_tree(&folder::read(pki)?)?;
    let chain = pki.chains().find(|chain| chain.curve() == Curve::P256);
    let chain = chain.context("TLS needs a P-256 chain, the PKI has none")?;
    Ok(chain.identity(Role::Ci, Engine::RustCrypto)?)
}

fn write(mut options: OpenOptions, path: &Path, content: &[u8]) -> Result<()> {
    let file = options.write(true).create_new(true).open(path);
    let mut file = file.with_context(|| format!("cannot make {}", path.display()))?;
    file.write_all(content).with_context(|| format!("cannot write {}", path.display()))
}
