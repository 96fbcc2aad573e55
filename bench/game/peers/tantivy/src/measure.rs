// SPDX-License-Identifier: Apache-2.0
//! What a build cost: time of this process, its memory, the files it left.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::Outcome;

/// Linux counts a process's time in hundredths of a second in every file of /proc.
const TICKS_A_SECOND: f64 = 100.0;

/// User and system time of all threads, finished ones too.
pub fn cpu_seconds() -> Outcome<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in brackets, and may hold spaces.
    let rest = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> =
        rest.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    match ticks[..] {
        [user, system] => Ok((user + system) / TICKS_A_SECOND),
        _ => Err("/proc/self/stat has no times".into()),
    }
}

pub fn peak_rss_bytes() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|value| value.trim().trim_end_matches("kB").trim().parse::<u64>().ok())
        .ok_or("/proc/self/status has no VmHWM")?;
    Ok(kilobytes * 1024)
}

/// Bytes by kind of file: by extension, or by name where there is none.
pub fn index_parts(directory: &Path) -> Outcome<BTreeMap<String, u64>> {
    let mut parts = BTreeMap::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        let kind = match path.extension() {
            Some(extension) => format!(".{}", extension.to_string_lossy()),
            None => entry.file_name().to_string_lossy().into_owned(),
        };
        *parts.entry(kind).or_default() += entry.metadata()?.len();
    }
    Ok(parts)
}
