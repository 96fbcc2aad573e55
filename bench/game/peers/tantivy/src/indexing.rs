// SPDX-License-Identifier: Apache-2.0
//! `build`: documents in, an index of the wanted segments out.
//!
//! One indexing thread keeps the documents of a segment in the order of the file. No merge policy:
//! each run of documents ends in a commit, and what that left is merged once, in order. At the end
//! every document's place is compared with its line number. Several threads do not keep the order:
//! for what a build costs, not for queries whose hits are compared.

use std::collections::HashSet;
use std::io::BufRead;
use std::time::Instant;

use tantivy::index::SegmentId;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

use crate::arguments::BuildOptions;
use crate::schema::{self, Fields};
use crate::{corpus, measure, Outcome};

/// Builds, and returns the line to print.
pub fn build(options: &BuildOptions, input: impl BufRead, started: Instant) -> Outcome<String> {
    std::fs::create_dir(&options.directory)
        .map_err(|error| format!("cannot create {}: {error}", options.directory.display()))?;
    let (schema, fields) = schema::make(options.delete_every.is_some(), options.numbers);
    let index = Index::create_in_dir(&options.directory, schema)?;
    let writer = index.writer_with_num_threads(options.threads, options.memory_mb << 20)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));

    let mut builder = Builder { index, writer, fields, finished: HashSet::new() };
    let (documents, doomed) = builder.add_all(options, input)?;
    builder.delete(&doomed)?;
    let index = builder.close()?;
    check_order(&index, documents, options.threads == 1)?;

    let parts = measure::index_parts(&options.directory)?;
    let report = serde_json::json!({
        "engine": "tantivy",
        "version": crate::tantivy_version(),
        "documents": documents,
        "wall_s": started.elapsed().as_secs_f64(),
        "cpu_s": measure::cpu_seconds()?,
        "peak_rss_bytes": measure::peak_rss_bytes()?,
        "index_bytes": parts.values().sum::<u64>(),
        "parts": parts,
    });
    Ok(report.to_string())
}

struct Builder {
    index: Index,
    writer: IndexWriter,
    fields: Fields,
    /// The segments of the runs so far.
    finished: HashSet<SegmentId>,
}

impl Builder {
    /// Returns the number of documents and the ids of those to delete.
    fn add_all(
        &mut self,
        options: &BuildOptions,
        input: impl BufRead,
    ) -> Outcome<(u64, Vec<String>)> {
        let mut doomed = Vec::new();
        let mut run = 0;
        let documents = corpus::for_each(input, |line, entry| {
            if line > 0 && line == run_end(options, run) {
                self.finish_run()?;
                run += 1;
            }
            if options.delete_every.is_some_and(|every| line % every == 0) {
                doomed.push(entry.id.to_string());
            }
            self.add(line, entry)?;
            Ok(true)
        })?;
        self.finish_run()?;
        match options.documents {
            Some(wanted) if wanted != documents => {
                Err(format!("--documents said {wanted}, but {documents} came").into())
            }
            _ => Ok((documents, doomed)),
        }
    }

    fn add(&mut self, line: u64, entry: &corpus::Entry) -> Outcome<()> {
        let mut document = TantivyDocument::default();
        document.add_text(self.fields.id, &entry.id);
        document.add_text(self.fields.text, &entry.text);
        for word in entry.filter.split(' ').filter(|word| !word.is_empty()) {
            document.add_text(self.fields.filter, word);
        }
        if let Some(number) = self.fields.number {
            let value = entry.number.parse();
            document.add_i64(number, value.map_err(|_| format!("{} has no number", entry.id))?);
        }
        document.add_u64(self.fields.line, line);
        self.writer.add_document(document)?;
        Ok(())
    }

    /// Commits, and merges the new segments into one.
    fn finish_run(&mut self) -> Outcome<()> {
        self.writer.commit()?;
        let mut fresh = Vec::new();
        for segment in first_lines(&self.index)? {
            if !self.finished.contains(&segment.1) {
                fresh.push(segment);
            }
        }
        fresh.sort();
        let ids: Vec<SegmentId> = fresh.iter().map(|segment| segment.1).collect();
        match ids[..] {
            [] => {}
            [only] => {
                self.finished.insert(only);
            }
            _ => {
                let merged = self.writer.merge(&ids).wait()?.ok_or("a merge lost its segment")?;
                self.finished.insert(merged.id());
            }
        }
        Ok(())
    }

    fn delete(&mut self, ids: &[String]) -> Outcome<()> {
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            self.writer.delete_term(Term::from_field_text(self.fields.id, id));
        }
        self.writer.commit()?;
        Ok(())
    }

    fn close(self) -> Outcome<Index> {
        self.writer.garbage_collect_files().wait()?;
        self.writer.wait_merging_threads()?;
        Ok(self.index)
    }
}

/// The line number at which run `run` (from 0) ends.
fn run_end(options: &BuildOptions, run: u64) -> u64 {
    match options.documents {
        Some(documents) if options.segments > 1 => documents * (run + 1) / options.segments,
        _ => u64::MAX,
    }
}

/// The first document's line, and the name, of every segment.
fn first_lines(index: &Index) -> Outcome<Vec<(u64, SegmentId)>> {
    let mut lines = Vec::new();
    for reader in index.reader()?.searcher().segment_readers() {
        let line = reader.fast_fields().u64(schema::LINE)?.first(0).ok_or("a line is missing")?;
        lines.push((line, reader.segment_id()));
    }
    Ok(lines)
}

/// Documents must all be there, and lie in the order of the file, without holes within a segment.
fn check_order(index: &Index, documents: u64, in_order: bool) -> Outcome<()> {
    let mut total = 0;
    for reader in index.reader()?.searcher().segment_readers() {
        let lines = reader.fast_fields().u64(schema::LINE)?;
        let base = lines.first(0).ok_or("a line is missing")?;
        for document in 0..reader.max_doc() {
            if in_order && lines.first(document) != Some(base + u64::from(document)) {
                return Err(format!("document {document} of a segment is out of order").into());
            }
        }
        total += u64::from(reader.max_doc());
    }
    if total != documents {
        return Err(format!("{documents} documents came, the index has {total}").into());
    }
    Ok(())
}
