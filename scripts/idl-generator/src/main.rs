//! `idl-generator PROGRAM_DIR...` prints one JSON object: program name -> IDL (spec 0.1.0).
//!
//! The published Anchor CLI does the same; this needs nothing but the host's Rust toolchain.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anchor_lang_idl::build::IdlBuilder;
use anchor_lang_idl::types::Idl;
use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut output = serde_json::Map::new();
    let mut known_accounts = BTreeSet::new();
    for directory in std::env::args().skip(1) {
        let path = PathBuf::from(&directory)
            .canonicalize()
            .context(directory)?;
        let mut idl = IdlBuilder::new()
            .program_path(path)
            .cargo_args(vec!["--locked".into()])
            .build()?;
        keep_own_accounts(&mut idl, &known_accounts);
        known_accounts.extend(idl.accounts.iter().map(|account| account.name.clone()));
        output.insert(idl.metadata.name.clone(), serde_json::to_value(&idl)?);
    }
    println!("{}", serde_json::to_string_pretty(&output)?);
    Ok(())
}

/// A program that reads accounts of another lists them as its own. Given in order of dependency, each
/// account stays only with the program that owns it, so that no client looks for it under a wrong owner.
fn keep_own_accounts(idl: &mut Idl, known: &BTreeSet<String>) {
    idl.accounts
        .retain(|account| !known.contains(&account.name));
}
