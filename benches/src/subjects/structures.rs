//! The structures that servers and cards read and write all the time, in DER.

use std::hint::black_box;

use anyhow::{Context, Result};
use asn1::der::{self, DerError};
use asn1::profile::ProfilePackage;
use asn1::{
    AuthenticateClientOkEs11, AuthenticateClientResponseEs9, AuthenticateClientResponseEs11,
    AuthenticateServerResponse, BoundProfilePackage, CancelSessionOk, CancelSessionResponseEs9, EventEntries,
    GetBoundProfilePackageResponse, InitiateAuthenticationResponse, TransactionId,
};
use certs::Certificate;
use crypto::Curve;

use super::messages::Messages;
use super::{Repeated, SIZES, Subject, Work};
use crate::laboratory::ADDRESS;
use crate::profile;

const CALLS: u32 = 200;

/// Each structure read, and each written.
pub fn subjects() -> Vec<Subject> {
    let mut list = Vec::new();
    add(
        &mut list,
        "InitiateAuthenticationRequest",
        |messages| Ok(messages.initiate),
        der::encode,
        der::decode,
    );
    add(&mut list, "InitiateAuthenticationResponse", initiated, der::encode, der::decode);
    add(
        &mut list,
        "AuthenticateClientRequest",
        |messages| Ok(messages.authenticate),
        der::encode,
        der::decode,
    );
    add(&mut list, "AuthenticateClientResponse", offered, der::encode, der::decode);
    add(
        &mut list,
        "GetBoundProfilePackageRequest",
        |messages| Ok(messages.prepared),
        der::encode,
        der::decode,
    );
    add(&mut list, "GetBoundProfilePackageResponse", delivered, der::encode, der::decode);
    add(&mut list, "HandleNotification-result", |messages| Ok(messages.installed), der::encode, der::decode);
    add(&mut list, "HandleNotification-other", |messages| Ok(messages.enabled), der::encode, der::decode);
    add(&mut list, "CancelSessionRequest", |messages| Ok(messages.cancel), der::encode, der::decode);
    add(&mut list, "CancelSessionResponse", |_| Ok(cancelled()), der::encode, der::decode);
    add(&mut list, "AuthenticateClientResponse-ES11", |_| events(), der::encode, der::decode);
    let package = |messages: Messages| {
        Ok(der::decode::<BoundProfilePackage>(messages.delivered.bound_profile_package.raw())?)
    };
    add(&mut list, "BoundProfilePackage", package, der::encode, der::decode);
    let info1 = |messages: Messages| Ok(messages.initiate.euicc_info1.into_value());
    add(&mut list, "EUICCInfo1", info1, der::encode, der::decode);
    let info2 = |messages| Ok(answer(messages)?.euicc_signed1.into_value().euicc_info2);
    add(&mut list, "EUICCInfo2", info2, der::encode, der::decode);
    let metadata = |messages: Messages| Ok(messages.offered.profile_metadata.into_value());
    add(&mut list, "StoreMetadataRequest", metadata, der::encode, der::decode);
    list.push(certificate("CERT.EUICC", |answer| answer.euicc_certificate));
    list.push(certificate("CERT.EUM", |answer| answer.eum_certificate));
    let [(size, size_name), ..] = SIZES;
    list.push(Subject::new(format!("structures/decode/profile-elements-{size_name}"), CALLS, move || {
        elements(size)
    }));
    list
}

fn add<T: 'static>(
    list: &mut Vec<Subject>,
    name: &str,
    take: impl Fn(Messages) -> Result<T> + Copy + 'static,
    encode: fn(&T) -> Vec<u8>,
    decode: fn(&[u8]) -> Result<T, DerError>,
) {
    list.push(Subject::new(format!("structures/decode/{name}"), CALLS, move || {
        let bytes = encode(&take(Messages::exchanged(Curve::P256)?)?);
        Ok(Repeated(move || {
            black_box(decode(black_box(&bytes))?);
            Ok(())
        }))
    }));
    list.push(Subject::new(format!("structures/encode/{name}"), CALLS, move || {
        let value = take(Messages::exchanged(Curve::P256)?)?;
        Ok(Repeated(move || {
            black_box(encode(black_box(&value)));
            Ok(())
        }))
    }));
}

/// A certificate, as it is read to be verified.
fn certificate(name: &str, take: fn(asn1::AuthenticateResponseOk) -> asn1::Certificate) -> Subject {
    Subject::new(format!("structures/decode/{name}"), CALLS, move || read(take))
}

fn read(take: fn(asn1::AuthenticateResponseOk) -> asn1::Certificate) -> Result<impl Work> {
    let certificate = take(answer(Messages::exchanged(Curve::P256)?)?);
    Ok(Repeated(move || {
        black_box(Certificate::try_from(black_box(&certificate))?);
        Ok(())
    }))
}

/// A profile package, each element of it, as a card reads it to install it.
fn elements(size: usize) -> Result<impl Work> {
    let package = profile::package(profile::iccid(1)?, size)?;
    Ok(Repeated(move || {
        ProfilePackage::parse(black_box(&package))?.elements().iter().try_for_each(|element| {
            black_box(element.decode()?);
            Ok(())
        })
    }))
}

fn cancelled() -> CancelSessionResponseEs9 {
    CancelSessionResponseEs9::CancelSessionOk(CancelSessionOk::default())
}

/// One event.
fn events() -> Result<AuthenticateClientResponseEs11> {
    let event = EventEntries {
        event_id: "EVENT-1".to_owned(),
        rsp_server_address: ADDRESS.to_owned(),
        unknown: Default::default(),
    };
    Ok(AuthenticateClientResponseEs11::AuthenticateClientOk(AuthenticateClientOkEs11 {
        transaction_id: TransactionId::new([7; 16].as_slice())?,
        event_entries: vec![event],
        unknown: Default::default(),
    }))
}

fn initiated(messages: Messages) -> Result<InitiateAuthenticationResponse> {
    Ok(InitiateAuthenticationResponse::InitiateAuthenticationOk(messages.initiated))
}

fn offered(messages: Messages) -> Result<AuthenticateClientResponseEs9> {
    Ok(AuthenticateClientResponseEs9::AuthenticateClientOk(messages.offered))
}

fn delivered(messages: Messages) -> Result<GetBoundProfilePackageResponse> {
    Ok(GetBoundProfilePackageResponse::GetBoundProfilePackageOk(messages.delivered))
}

fn answer(messages: Messages) -> Result<asn1::AuthenticateResponseOk> {
    match messages.authenticate.authenticate_server_response.into_value() {
        AuthenticateServerResponse::AuthenticateResponseOk(answer) => Some(answer),
        AuthenticateServerResponse::AuthenticateResponseError(_) => None,
    }
    .context("the eUICC refused the server")
}
