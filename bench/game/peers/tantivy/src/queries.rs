// SPDX-License-Identifier: Apache-2.0
//! From the game's syntax to Tantivy's queries.

use tantivy::query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::Term;

use crate::schema::Fields;
use crate::syntax::{self, Clause, Role};

/// The query for `text`, restricted to the documents that have the word `filter`.
pub fn make(fields: &Fields, text: &str, filter: Option<&str>) -> Result<Box<dyn Query>, String> {
    let mut clauses = syntax::parse(text)?;
    if clauses.len() == 1 {
        // The only clause decides whether a document matches, also beside a filter.
        clauses[0].role = Role::Must;
        if filter.is_none() {
            return Ok(clause_query(fields, &clauses[0]));
        }
    }
    let all_optional = clauses.iter().all(|clause| clause.role != Role::Must);
    let mut parts: Vec<(Occur, Box<dyn Query>)> =
        clauses.iter().map(|clause| (occur(clause.role), clause_query(fields, clause))).collect();
    match filter {
        None => Ok(Box::new(BooleanQuery::new(parts))),
        Some(word) => {
            parts.push((Occur::Must, filter_query(fields, word)));
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

fn clause_query(fields: &Fields, clause: &Clause) -> Box<dyn Query> {
    let term = |word: &&str| Term::from_field_text(fields.text, word);
    match &clause.words[..] {
        [word] => Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
        words => Box::new(PhraseQuery::new(words.iter().map(term).collect())),
    }
}

/// A term that adds nothing to the score. Measured beside a constant score of 0, which is Tantivy's
/// other way to say this, a boost of 0 takes as long or a little less.
fn filter_query(fields: &Fields, word: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(fields.filter, word);
    Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0))
}
