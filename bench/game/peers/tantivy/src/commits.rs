// SPDX-License-Identifier: Apache-2.0
//! `commits`: a durable commit for every so many documents, timed without reading the input.
//!
//! One indexing thread, and Tantivy's own merge policy with its own threads.

use std::io::BufRead;
use std::time::{Duration, Instant};

use tantivy::{Index, TantivyDocument};

use crate::arguments::CommitOptions;
use crate::{corpus, schema, Outcome};

struct Owned {
    id: String,
    text: String,
    filter: String,
}

/// Runs, and returns the line to print.
pub fn run(options: &CommitOptions, input: impl BufRead) -> Outcome<String> {
    std::fs::create_dir(&options.directory)
        .map_err(|error| format!("cannot create {}: {error}", options.directory.display()))?;
    let (schema, fields) = schema::make(false, false);
    let index = Index::create_in_dir(&options.directory, schema)?;
    let mut writer = index.writer_with_num_threads(1, options.memory_mb << 20)?;

    let end = Instant::now() + Duration::from_secs_f64(options.seconds);
    let mut batch: Vec<Owned> = Vec::new();
    let mut times: Vec<f64> = Vec::new();
    let mut line = 0;
    corpus::for_each(input, |_, entry| {
        batch.push(Owned {
            id: entry.id.to_string(),
            text: entry.text.to_string(),
            filter: entry.filter.to_string(),
        });
        if batch.len() < options.batch {
            return Ok(true);
        }
        let begin = Instant::now();
        for owned in batch.drain(..) {
            let mut document = TantivyDocument::default();
            document.add_text(fields.id, &owned.id);
            document.add_text(fields.text, &owned.text);
            for word in owned.filter.split(' ').filter(|word| !word.is_empty()) {
                document.add_text(fields.filter, word);
            }
            document.add_u64(fields.line, line);
            line += 1;
            writer.add_document(document)?;
        }
        writer.commit()?;
        times.push(begin.elapsed().as_secs_f64());
        Ok(Instant::now() < end)
    })?;
    writer.wait_merging_threads()?;

    times.sort_by(f64::total_cmp);
    let at = |percent: usize| match times.len() {
        0 => 0.0,
        count => 1000.0 * times[(count - 1) * percent / 100],
    };
    let report = serde_json::json!({
        "engine": "tantivy",
        "version": crate::tantivy_version(),
        "batch": options.batch,
        "commits": times.len(),
        "documents": line,
        "seconds": times.iter().sum::<f64>(),
        "p50_ms": at(50),
        "p99_ms": at(99),
    });
    Ok(report.to_string())
}
