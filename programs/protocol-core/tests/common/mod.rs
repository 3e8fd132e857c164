//! Shared by the integration tests: the vector tables and a builder of settlement trees.
#![allow(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod slots;
pub mod tree;

use protocol_core::{BucketEntry, CoreError, Hash, Leaf, Sibling};
use serde_json::Value;

pub fn load(name: &str) -> Value {
    let path = format!("{}/../../tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("a vector table is JSON")
}

pub fn list<'a>(table: &'a Value, key: &str) -> &'a [Value] {
    table[key]
        .as_array()
        .unwrap_or_else(|| panic!("no list {key}"))
}

pub fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key]
        .as_str()
        .unwrap_or_else(|| panic!("no text {key} in {case}"))
}

/// A number, or decimal text where it may pass 2^53.
pub fn number(case: &Value, key: &str) -> u64 {
    match &case[key] {
        Value::String(digits) => digits.parse().expect("decimal digits"),
        other => other
            .as_u64()
            .unwrap_or_else(|| panic!("no number {key} in {case}")),
    }
}

pub fn small<T: TryFrom<u64>>(case: &Value, key: &str) -> T {
    T::try_from(number(case, key)).unwrap_or_else(|_| panic!("{key} too large in {case}"))
}

pub fn bytes(digits: &str) -> Vec<u8> {
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

pub fn fixed<const N: usize>(case: &Value, key: &str) -> [u8; N] {
    bytes(text(case, key)).try_into().expect("exact length")
}

/// The result that a case demands: its `error`, or the value that `expected` reads.
pub fn demand<T>(case: &Value, expected: impl FnOnce(&Value) -> T) -> Result<T, String> {
    match case["error"].as_str() {
        Some(error) => Err(error.to_owned()),
        None => Ok(expected(case)),
    }
}

pub fn named<T>(result: Result<T, CoreError>) -> Result<T, String> {
    result.map_err(|error| error.to_string())
}

pub fn hashes(case: &Value, key: &str) -> Vec<Hash> {
    list(case, key)
        .iter()
        .map(|value| bytes(value.as_str().unwrap()).try_into().unwrap())
        .collect()
}

pub fn bucket(case: &Value) -> Vec<BucketEntry> {
    list(case, "bucket")
        .iter()
        .map(|entry| BucketEntry {
            key: fixed(entry, "key"),
            leaf_hash: fixed(entry, "leafHash"),
            bytes: number(entry, "bytes"),
        })
        .collect()
}

pub fn siblings(case: &Value) -> Vec<Sibling> {
    list(case, "path")
        .iter()
        .map(|sibling| Sibling {
            hash: fixed(sibling, "hash"),
            sum: number(sibling, "sum"),
        })
        .collect()
}

pub fn leaf(case: &Value, key: &str) -> Leaf {
    Leaf::decode(&bytes(text(case, key))).expect("a canonical leaf")
}
