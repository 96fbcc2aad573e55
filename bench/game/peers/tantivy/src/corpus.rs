// SPDX-License-Identifier: Apache-2.0
//! The corpus file: a JSON object a line.

use std::borrow::Cow;
use std::io::BufRead;

use serde::Deserialize;

use crate::Outcome;

#[derive(Deserialize)]
pub struct Entry<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// Words, separated by spaces; none is allowed.
    #[serde(borrow, default)]
    pub filter: Cow<'a, str>,
    /// Digits, where documents have numbers.
    #[serde(borrow, default)]
    pub number: Cow<'a, str>,
}

/// Calls `take(line number from 0, entry)` for every line while it returns true; returns for how many.
pub fn for_each(
    mut input: impl BufRead,
    mut take: impl FnMut(u64, &Entry) -> Outcome<bool>,
) -> Outcome<u64> {
    let mut bytes = Vec::new();
    let mut line = 0;
    loop {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(line);
        }
        let entry: Entry = serde_json::from_slice(&bytes)
            .map_err(|error| format!("corpus line {}: {error}", line + 1))?;
        line += 1;
        if !take(line - 1, &entry)? {
            return Ok(line);
        }
    }
}
