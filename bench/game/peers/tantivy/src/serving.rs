// SPDX-License-Identifier: Apache-2.0
//! `serve`: a request a line in, an answer a line out.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

use tantivy::collector::{Count, TopDocs};
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{DocAddress, Index, ReloadPolicy, Score, Searcher};

use crate::schema::{self, Fields};
use crate::{queries, Outcome};

enum Command {
    Count,
    Top(usize),
    TopAndCount(usize),
    Hits(usize),
}

fn parse_command(name: &str) -> Result<Command, String> {
    let unknown = || format!("unknown command {name}; there are COUNT, TOP_k, TOP_k_COUNT, HITS_k");
    let depth = |digits: &str| match digits.parse() {
        Ok(k) if k > 0 => Ok(k),
        _ => Err(unknown()),
    };
    if name == "COUNT" {
        return Ok(Command::Count);
    }
    if let Some(digits) = name.strip_prefix("HITS_") {
        return depth(digits).map(Command::Hits);
    }
    match name.strip_prefix("TOP_").ok_or_else(unknown)? {
        rest if rest.ends_with("_COUNT") => {
            depth(rest.trim_end_matches("_COUNT")).map(Command::TopAndCount)
        }
        rest => depth(rest).map(Command::Top),
    }
}

pub fn serve(directory: &Path, input: impl BufRead, mut output: impl Write) -> Outcome<()> {
    let server = Server::open(directory)?;
    for line in input.lines() {
        let line = line?;
        match server.answer(&line) {
            Ok(answer) => writeln!(output, "{answer}")?,
            Err(error) => writeln!(output, "ERROR\t{}", error.to_string().replace('\n', " "))?,
        }
        output.flush()?;
    }
    Ok(())
}

struct Server {
    searcher: Searcher,
    fields: Fields,
    /// By segment: the line numbers of its documents.
    lines: Vec<Column<u64>>,
}

impl Server {
    fn open(directory: &Path) -> Outcome<Server> {
        let index = Index::open_in_dir(directory)?;
        let fields = schema::fields_of(&index.schema())?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let mut lines = Vec::new();
        for segment in searcher.segment_readers() {
            lines.push(segment.fast_fields().u64(schema::LINE)?);
        }
        Ok(Server { searcher, fields, lines })
    }

    fn answer(&self, request: &str) -> Outcome<String> {
        let mut columns = request.split('\t');
        let command = parse_command(columns.next().unwrap_or_default())?;
        let text = columns.next().ok_or("a request is COMMAND<TAB>query[<TAB>filter]")?;
        let filter = columns.next().filter(|word| !word.is_empty());

        let begin = Instant::now();
        let query = queries::make(&self.fields, text, filter)?;
        let answer = match command {
            // Not the collector `Count`: that visits every match where this can look a number up.
            Command::Count => query.count(&self.searcher)?,
            Command::Top(k) => self.top(&query, k)?.len(),
            Command::TopAndCount(k) => {
                let collector = (TopDocs::with_limit(k).order_by_score(), Count);
                self.searcher.search(&query, &collector)?.1
            }
            Command::Hits(k) => return self.hits(&query, k),
        };
        Ok(format!("{answer}\t{}", begin.elapsed().as_nanos()))
    }

    /// This collector, alone, lets Tantivy skip blocks that cannot bring a better hit.
    fn top(&self, query: &dyn Query, k: usize) -> tantivy::Result<Vec<(Score, DocAddress)>> {
        self.searcher.search(query, &TopDocs::with_limit(k).order_by_score())
    }

    /// The same search as `top`, but deep enough to see every tie with the last place: Tantivy
    /// breaks ties by segments, and these have an order of their own.
    fn hits(&self, query: &dyn Query, k: usize) -> Outcome<String> {
        let mut depth = k + 1;
        let mut found = self.top(query, depth)?;
        while found.len() == depth && found[depth - 1].0 == found[k - 1].0 {
            depth *= 2;
            found = self.top(query, depth)?;
        }
        let mut hits: Vec<(Score, u64)> = Vec::new();
        for (score, address) in found {
            let column = &self.lines[address.segment_ord as usize];
            hits.push((score, column.first(address.doc_id).ok_or("a line is missing")?));
        }
        hits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        hits.truncate(k);
        let words: Vec<String> =
            hits.iter().map(|(score, line)| format!("{line}:{:.8e}", rescale(*score))).collect();
        Ok(words.join(" "))
    }
}

fn rescale(score: Score) -> f64 {
    f64::from(score) / f64::from(queries::SCALE)
}
