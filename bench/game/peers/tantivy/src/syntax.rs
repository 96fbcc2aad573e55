// SPDX-License-Identifier: Apache-2.0
//! The query syntax of the game: `+all`, `any`, `-none`, and phrases in quotes for a word.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Must,
    Should,
    MustNot,
}

/// One word, or the words of a phrase.
#[derive(Debug, PartialEq, Eq)]
pub struct Clause<'a> {
    pub role: Role,
    pub words: Vec<&'a str>,
}

pub fn parse(query: &str) -> Result<Vec<Clause<'_>>, String> {
    let mut clauses = Vec::new();
    let mut rest = query.trim_start_matches(' ');
    while !rest.is_empty() {
        let (role, body) = match rest.as_bytes()[0] {
            b'+' => (Role::Must, &rest[1..]),
            b'-' => (Role::MustNot, &rest[1..]),
            _ => (Role::Should, rest),
        };
        let (text, after) = match body.strip_prefix('"') {
            Some(quoted) => {
                quoted.split_once('"').ok_or(format!("a quote is not closed in: {query}"))?
            }
            None => body.split_at(body.find(' ').unwrap_or(body.len())),
        };
        if !(after.is_empty() || after.starts_with(' ')) {
            return Err(format!("a space must follow a quote in: {query}"));
        }
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() || !words.iter().all(|word| is_word(word)) {
            return Err(format!(
                "words are of a-z and 0-9, and each clause has one, unlike: {query}"
            ));
        }
        clauses.push(Clause { role, words });
        rest = after.trim_start_matches(' ');
    }
    if clauses.iter().all(|clause| clause.role == Role::MustNot) {
        return Err(format!("nothing to look for in: {query}"));
    }
    Ok(clauses)
}

fn is_word(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{parse, Role};

    fn flat(query: &str) -> Vec<(Role, String)> {
        let clauses = parse(query).expect("a good query");
        clauses.iter().map(|clause| (clause.role, clause.words.join("_"))).collect()
    }

    #[test]
    fn roles_and_phrases() {
        let must = |text: &str| (Role::Must, text.to_string());
        let should = |text: &str| (Role::Should, text.to_string());
        let must_not = |text: &str| (Role::MustNot, text.to_string());
        assert_eq!(flat("the"), [should("the")]);
        assert_eq!(flat("+new +york"), [must("new"), must("york")]);
        assert_eq!(flat("+a b  c2"), [must("a"), should("b"), should("c2")]);
        assert_eq!(flat("+\"the who\" +uk"), [must("the_who"), must("uk")]);
        assert_eq!(flat("a -\"b c\" -d"), [should("a"), must_not("b_c"), must_not("d")]);
        assert_eq!(flat("\"to be or not to be\""), [should("to_be_or_not_to_be")]);
    }

    #[test]
    fn refused() {
        for query in ["", " ", "-a", "+", "\"\"", "\"a", "\"a\"b", "A", "a+b", "caf\u{e9}", "+-a"] {
            assert!(parse(query).is_err(), "{query}");
        }
    }
}
