// SPDX-License-Identifier: Apache-2.0
//! From the game's syntax to Tantivy's queries.

use std::ops::Bound;

use tantivy::query::{
    BooleanQuery, BoostQuery, FuzzyTermQuery, InvertedIndexRangeQuery, Occur, PhraseQuery, Query,
    RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::Term;

use crate::schema::Fields;
use crate::syntax::{self, Matter, Role};

/// Tantivy keeps the constant k1 + 1 above the fraction of BM25; others leave it out.
pub const SCALE: f32 = 2.2;

/// The query for `text`, restricted to the documents that have the word `filter`, or to those in it
/// if it is a range.
pub fn make(fields: &Fields, text: &str, filter: Option<&str>) -> Result<Box<dyn Query>, String> {
    let mut clauses = syntax::parse(text)?;
    if clauses.len() == 1 {
        // The only clause decides whether a document matches, also beside a filter.
        clauses[0].role = Role::Must;
        if filter.is_none() {
            return clause_query(fields, &clauses[0].matter);
        }
    }
    let all_optional = clauses.iter().all(|clause| clause.role != Role::Must);
    let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(clauses.len() + 1);
    for clause in &clauses {
        parts.push((occur(clause.role), clause_query(fields, &clause.matter)?));
    }
    match filter {
        None => Ok(Box::new(BooleanQuery::new(parts))),
        Some(word) => {
            parts.push((Occur::Must, filter_query(fields, word)?));
            let should = usize::from(all_optional);
            Ok(Box::new(BooleanQuery::with_minimum_required_clauses(parts, should)))
        }
    }
}

fn occur(role: Role) -> Occur {
    match role {
        Role::Must => Occur::Must,
        Role::Should => Occur::Should,
        Role::MustNot => Occur::MustNot,
    }
}

fn clause_query(fields: &Fields, matter: &Matter) -> Result<Box<dyn Query>, String> {
    let term = |word: &str| Term::from_field_text(fields.text, word);
    Ok(match matter {
        Matter::Words(words) => match &words[..] {
            [word] => Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
            words => Box::new(PhraseQuery::new(words.iter().map(|word| term(word)).collect())),
        },
        Matter::Prefix(begin) => scores_one(prefix_query(fields.text, begin)),
        Matter::Fuzzy(word, edits) => {
            scores_one(Box::new(FuzzyTermQuery::new(term(word), *edits, true)))
        }
        Matter::Regexp(pattern) => {
            let query = RegexQuery::from_pattern(pattern, fields.text);
            scores_one(Box::new(query.map_err(|error| error.to_string())?))
        }
        Matter::Range(from, to) => scores_one(range_query(fields, *from, *to)?),
    })
}

/// 1 as the game means it. What it is given scores 1 by itself.
fn scores_one(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, SCALE))
}

/// Tantivy has no query for a prefix alone; a phrase of one prefix becomes this range of terms.
fn prefix_query(field: Field, begin: &str) -> Box<dyn Query> {
    let mut end = begin.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1; // of ASCII, so it stays below 128
    }
    let end = String::from_utf8_lossy(&end).into_owned();
    Box::new(InvertedIndexRangeQuery::new(
        Bound::Included(Term::from_field_text(field, begin)),
        Bound::Excluded(Term::from_field_text(field, &end)),
    ))
}

fn range_query(fields: &Fields, from: i64, to: i64) -> Result<Box<dyn Query>, String> {
    let number = fields.number.ok_or("the index was built without --numbers")?;
    Ok(Box::new(RangeQuery::new(
        Bound::Included(Term::from_field_i64(number, from)),
        Bound::Included(Term::from_field_i64(number, to)),
    )))
}

/// A term or range that adds nothing to the score. Measured beside a constant score of 0, which is Tantivy's
/// other way to say this, a boost of 0 takes as long or a little less.
fn filter_query(fields: &Fields, filter: &str) -> Result<Box<dyn Query>, String> {
    let query: Box<dyn Query> = match syntax::parse_range(filter) {
        Some((from, to)) => range_query(fields, from, to)?,
        None => {
            let term = Term::from_field_text(fields.filter, filter);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        }
    };
    Ok(Box::new(BoostQuery::new(query, 0.0)))
}
