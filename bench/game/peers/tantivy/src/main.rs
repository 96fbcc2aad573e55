// SPDX-License-Identifier: Apache-2.0
//! The benchmark game's driver of Tantivy: `build`, `serve`, `commits` and `version` as ../README.md has them.

// A driver without the machine's instructions would be an unfair opponent, so it does not compile.
#[cfg(all(target_arch = "x86_64", not(debug_assertions), not(target_feature = "sse4.2")))]
compile_error!("set RUSTFLAGS=\"-C target-cpu=native\": a peer must be built for this machine");

mod arguments;
mod commits;
mod corpus;
mod indexing;
mod measure;
mod queries;
mod schema;
mod serving;
mod syntax;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use arguments::Command;

/// Whatever went wrong, as the sentence that the caller reads.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// The version alone of "tantivy v0.26.2, index_format ..., ...".
pub fn tantivy_version() -> &'static str {
    let text = tantivy::version_string();
    let first = text.split(',').next().unwrap_or(text);
    first.trim_start_matches("tantivy v")
}

fn run(started: Instant) -> Outcome<()> {
    match arguments::parse(std::env::args().skip(1))? {
        Command::Build(options) => {
            let report = indexing::build(&options, std::io::stdin().lock(), started)?;
            println!("{report}");
        }
        Command::Serve(directory) => {
            serving::serve(&directory, std::io::stdin().lock(), std::io::stdout().lock())?;
        }
        Command::Commits(options) => {
            let report = commits::run(&options, std::io::stdin().lock())?;
            println!("{report}");
        }
        Command::Version => {
            let line = serde_json::json!({"engine": "tantivy", "version": tantivy_version()});
            println!("{line}");
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    match run(Instant::now()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("segue-peer-tantivy: {error}");
            ExitCode::FAILURE
        }
    }
}
