// SPDX-License-Identifier: Apache-2.0
//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use crate::Outcome;

pub const USAGE: &str = "usage: segue-peer-tantivy build DIR [--segments N --documents COUNT] \
                         [--delete PERCENT] [--numbers] [--memory-mb MB] [--threads N] | \
                         serve DIR | \
                         commits DIR [--batch DOCUMENTS] [--seconds S] | version";

pub enum Command {
    Build(BuildOptions),
    Serve(PathBuf),
    Commits(CommitOptions),
    Version,
}

pub struct BuildOptions {
    pub directory: PathBuf,
    /// Runs of consecutive documents, each a segment.
    pub segments: u64,
    /// How many documents will come; known where there is more than one segment.
    pub documents: Option<u64>,
    /// Every how-many-eth document is deleted again, from line 0 on.
    pub delete_every: Option<u64>,
    /// Documents have numbers, which are indexed.
    pub numbers: bool,
    pub memory_mb: usize,
    /// With more than one, documents come into the index in any order.
    pub threads: usize,
}

pub struct CommitOptions {
    pub directory: PathBuf,
    /// Documents a commit.
    pub batch: usize,
    /// No further commit is begun after so much time.
    pub seconds: f64,
    pub memory_mb: usize,
}

pub fn parse(arguments: impl Iterator<Item = String>) -> Outcome<Command> {
    let mut arguments = arguments;
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("version"), None) => Ok(Command::Version),
        (Some("serve"), Some(directory)) => match arguments.next() {
            None => Ok(Command::Serve(directory.into())),
            Some(_) => Err(USAGE.into()),
        },
        (Some("build"), Some(directory)) => parse_build(directory.into(), arguments),
        (Some("commits"), Some(directory)) => parse_commits(directory.into(), arguments),
        _ => Err(USAGE.into()),
    }
}

fn parse_build(directory: PathBuf, arguments: impl Iterator<Item = String>) -> Outcome<Command> {
    let mut arguments = arguments;
    let mut options = BuildOptions {
        directory,
        segments: 1,
        documents: None,
        delete_every: None,
        numbers: false,
        memory_mb: 512,
        threads: 1,
    };
    while let Some(name) = arguments.next() {
        if name == "--numbers" {
            options.numbers = true;
            continue;
        }
        let value = arguments.next();
        match name.as_str() {
            "--segments" => options.segments = number(&name, value)?,
            "--documents" => options.documents = Some(number(&name, value)?),
            "--delete" => options.delete_every = Some(period(number(&name, value)?)?),
            "--memory-mb" => options.memory_mb = number(&name, value)?,
            "--threads" => options.threads = number(&name, value)?,
            _ => return Err(format!("unknown option {name}; {USAGE}").into()),
        }
    }
    if options.segments == 0 {
        return Err("--segments must be at least 1".into());
    }
    if options.segments > 1 && options.documents.is_none() {
        return Err("--segments needs --documents COUNT, to cut the corpus into equal runs".into());
    }
    Ok(Command::Build(options))
}

fn parse_commits(
    directory: PathBuf,
    mut arguments: impl Iterator<Item = String>,
) -> Outcome<Command> {
    let mut options = CommitOptions { directory, batch: 1, seconds: 10.0, memory_mb: 512 };
    while let Some(name) = arguments.next() {
        let value = arguments.next();
        match name.as_str() {
            "--batch" => options.batch = number(&name, value)?,
            "--seconds" => options.seconds = number(&name, value)?,
            "--memory-mb" => options.memory_mb = number(&name, value)?,
            _ => return Err(format!("unknown option {name}; {USAGE}").into()),
        }
    }
    if options.batch == 0 {
        return Err("--batch must be at least 1".into());
    }
    Ok(Command::Commits(options))
}

fn number<T: FromStr>(name: &str, value: Option<String>) -> Outcome<T> {
    let text = value.unwrap_or_default();
    text.parse().map_err(|_| format!("{name} wants a number, not \"{text}\"").into())
}

fn period(percent: u64) -> Outcome<u64> {
    if percent == 0 || percent > 50 || 100 % percent != 0 {
        return Err(format!("--delete wants a divisor of 100 up to 50, not {percent}").into());
    }
    Ok(100 / percent)
}
