//! Where the data base is, and whether it is spoken to over TLS.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use deadpool_postgres::{Manager, ManagerConfig, RecyclingMethod};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::PostgresOptions;
use crate::database::StoreError;

/// What may be done to the data base.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    Full,
    /// It may be looked at.
    ReadOnly,
}

/// Makes the connections that a URL asks for.
///
/// `sslrootcert` names the file with the CA that the server's certificate is verified with, always with the name of the
/// host: without it there is no TLS, and with it there is nothing else unless `sslmode` says so.
pub fn manager(url: &str, options: &PostgresOptions, access: Access) -> Result<Manager, StoreError> {
    let Url { text, root_certificates, mode_is_given } = Url::read(url)?;
    // What is wrong is not told: it may be a part of the password.
    let unreadable =
        |_| invalid("the URL of the data base cannot be read (special characters are written as %..)");
    let mut config: Config = text.parse().map_err(unreadable)?;
    if config.get_application_name().is_none() {
        config.application_name("rsplab");
    }
    config.connect_timeout(options.connect_timeout);
    config.tcp_user_timeout(options.call_timeout);
    // What a node that is gone has locked is free again after that time, too.
    let millis = options.call_timeout.as_millis();
    let limits = format!("-c statement_timeout={millis} -c idle_in_transaction_session_timeout={millis}");
    let read_only = match access {
        Access::Full => "",
        Access::ReadOnly => "-c default_transaction_read_only=on",
    };
    let given = config.get_options().unwrap_or_default();
    config.options(format!("{limits} {given} {read_only}"));

    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    match root_certificates {
        Some(file) => {
            if !mode_is_given {
                config.ssl_mode(SslMode::Require);
            }
            Ok(Manager::from_config(config, MakeRustlsConnect::new(tls(&file)?), recycling))
        }
        None if config.get_ssl_mode() == SslMode::Require => {
            Err(invalid("TLS to the data base needs sslrootcert=<file>: the certificate of its CA"))
        }
        None => Ok(Manager::from_config(config, NoTls, recycling)),
    }
}

/// The URL with what only libpq knows taken out.
struct Url {
    text: String,
    root_certificates: Option<PathBuf>,
    mode_is_given: bool,
}

impl Url {
    fn read(url: &str) -> Result<Self, StoreError> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(invalid("the URL of the data base does not begin with postgres://"));
        }
        // A question mark before the host is one of the password.
        let host = url.find('@').unwrap_or_default();
        let end = url.match_indices('?').map(|(place, _)| place).find(|place| *place > host);
        let (text, query) = end.and_then(|end| url.split_at_checked(end)).unwrap_or((url, ""));
        let query = query.strip_prefix('?').unwrap_or_default();
        let mut read = Self { text: text.to_owned(), root_certificates: None, mode_is_given: false };
        let mut parameters = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslrootcert", file)) => read.root_certificates = Some(decoded(file)?.into()),
                Some(("sslmode", mode)) => {
                    read.mode_is_given = true;
                    // A certificate that is not verified is worth nothing, so all these are one.
                    let stricter = matches!(mode, "verify-ca" | "verify-full");
                    parameters.push(if stricter { "sslmode=require" } else { parameter });
                }
                _ => parameters.push(parameter),
            }
        }
        if !parameters.is_empty() {
            read.text = format!("{text}?{}", parameters.join("&"));
        }
        Ok(read)
    }
}

/// Undoes the `%..` of a URL.
fn decoded(text: &str) -> Result<String, StoreError> {
    let unreadable = || invalid("sslrootcert cannot be read");
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).ok_or_else(unreadable)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| unreadable())?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).map_err(|_| unreadable())
}

fn tls(file: &Path) -> Result<ClientConfig, StoreError> {
    let failed = |why: &dyn std::fmt::Display| invalid(&format!("sslrootcert={}: {why}", file.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|why| failed(&why))? {
        roots.add(certificate.map_err(|why| failed(&why))?).map_err(|why| failed(&why))?;
    }
    if roots.is_empty() {
        return Err(failed(&"there is no certificate in it"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| failed(&why))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn invalid(message: &str) -> StoreError {
    StoreError::Storage(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        manager(url, &PostgresOptions::default(), Access::Full).err().unwrap().to_string()
    }

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_a_word_of_its_password() {
        for url in [
            "postgres://user:s3cret@host:port/smdp",
            "postgres://user@host/smdp?s3cret=1",
            "mysql://user:s3cret@host/smdp",
            "host=localhost password=s3cret",
            "postgres://user:s3cret@host/smdp?sslmode=require",
            "postgres://user:s3cret@host/smdp?sslmode=verify-full",
            "postgres://user:s3cret@host/smdp?sslrootcert=/missing%20file",
            "postgres://user:s3cret@host/smdp?sslrootcert=%f",
        ] {
            let message = refused(url);
            assert!(!message.contains("s3cret"), "{message}");
        }
        assert!(refused("postgres://host/smdp?sslmode=require").contains("sslrootcert"));
        assert!(refused("postgres://host/smdp?sslrootcert=/missing%20file").contains("/missing file"));
    }

    #[test]
    fn what_only_this_program_knows_is_taken_out_of_the_url() {
        let url =
            Url::read("postgres://h/db?sslrootcert=%2Fa%20b.pem&sslmode=verify-full&application_name=x");
        let url = url.unwrap();
        assert_eq!(url.text, "postgres://h/db?sslmode=require&application_name=x");
        assert_eq!(url.root_certificates, Some("/a b.pem".into()));
        assert!(url.mode_is_given);
        for url in ["postgresql://h/db", "postgres://user:a?b&&c@h/db", "postgres://user:a?b@h/db?user=c"] {
            assert_eq!(Url::read(url).unwrap().text, url);
        }
    }
}
