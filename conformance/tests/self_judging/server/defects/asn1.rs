//! What can be wrong in the ASN.1 binding (SGP.22 §6.6), where a request says what it calls by its tag.

use ::asn1::tlv::{self, wrap};
use bytes::Bytes;
use http::{Response, StatusCode};

/// Whether a request calls the function at this path of the JSON binding.
pub fn calls(body: &[u8], path: &str) -> bool {
    let called = tlv::read(body).ok().and_then(|(request, _)| tlv::read(request.value).ok());
    called.is_some_and(|(called, _)| Some(called.tag.0) == tag(path))
}

fn tag(path: &str) -> Option<u32> {
    Some(match path.rsplit('/').next()? {
        "initiateAuthentication" => 0xBF39,
        "getBoundProfilePackage" => 0xBF3A,
        "authenticateClient" => 0xBF3B,
        "handleNotification" => 0xBF3D,
        "cancelSession" => 0xBF41,
        _ => return None,
    })
}

/// The refusal as a success, of the functions that have nothing to tell.
pub fn success(path: &str, mut refused: Response<Bytes>) -> Response<Bytes> {
    match tag(path) {
        Some(0xBF3D) => {
            *refused.status_mut() = StatusCode::NO_CONTENT;
            refused.map(|_| Bytes::new())
        }
        Some(tag) => {
            *refused.status_mut() = StatusCode::OK;
            refused.map(|_| wrap(0xA2, &wrap(tag, &wrap(0xA0, &[]))).into())
        }
        None => refused,
    }
}

/// The refusal with the number of an error that there is not.
pub fn refused_otherwise(refused: Response<Bytes>) -> Response<Bytes> {
    const NO_ERROR: u8 = 126;
    refused.map(|body| match body.as_ref() {
        // An INTEGER of one byte is at the end, and little before it: whatever is executed has more to say, or nothing.
        [before @ .., 1, _] if before.len() < 16 => [before, &[1, NO_ERROR]].concat().into(),
        _ => body,
    })
}
