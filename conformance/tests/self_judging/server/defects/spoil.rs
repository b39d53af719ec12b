//! Spoiling members of an answer.

use asn1::tlv::{self, wrap};
use data_encoding::BASE64;
use serde_json::{Map, Value};

pub type Members = Map<String, Value>;

/// Gives a member another value.
pub fn set(members: &mut Members, name: &str, value: impl Into<Value>) {
    members.insert(name.to_owned(), value.into());
}

/// Changes the octets of a member that is base64.
pub fn octets(members: &mut Members, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let Some(Value::String(text)) = members.get_mut(name) else { return };
    if let Ok(octets) = BASE64.decode(text.as_bytes()) {
        *text = BASE64.encode(&change(octets));
    }
}

/// Turns the last bit.
pub fn last_bit(mut octets: Vec<u8>) -> Vec<u8> {
    if let Some(last) = octets.last_mut() {
        *last ^= 1;
    }
    octets
}

/// Changes the value of the primitive object that these tags lead to, from the outside in.
pub fn inside(object: &[u8], path: &[u32], change: &dyn Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let Ok((outer, _)) = tlv::read(object) else { return object.to_vec() };
    let Some((tag, deeper)) = path.split_first() else {
        return wrap(outer.tag.0, &change(outer.value.to_vec()));
    };
    let members = tlv::children(outer.value).map(|member| {
        let member = member.unwrap();
        if member.tag.0 == *tag { inside(member.raw, deeper, change) } else { member.raw.to_vec() }
    });
    wrap(outer.tag.0, &members.collect::<Vec<_>>().concat())
}

/// The same in a member of the answer.
pub fn inside_member(
    members: &mut Members,
    name: &str,
    path: &[u32],
    change: impl Fn(Vec<u8>) -> Vec<u8> + 'static,
) {
    octets(members, name, |object| inside(&object, path, &change));
}

/// header.functionExecutionStatus.
pub fn execution_status(members: &mut Members) -> &mut Value {
    &mut members["header"]["functionExecutionStatus"]
}
