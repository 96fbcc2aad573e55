// SPDX-License-Identifier: Apache-2.0
//! The query syntax of the game: `+all`, `any`, `-none`; for a word, a phrase in quotes, a pattern
//! (`begin*`, `word~1`, `/re.*/`) or a range of numbers (`number:[1 TO 9]`).

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Must,
    Should,
    MustNot,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Matter<'a> {
    /// One word, or the words of a phrase.
    Words(Vec<&'a str>),
    Prefix(&'a str),
    /// At most so many edits.
    Fuzzy(&'a str, u8),
    Regexp(&'a str),
    /// From one number to another, both included.
    Range(i64, i64),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Clause<'a> {
    pub role: Role,
    pub matter: Matter<'a>,
}

const RANGE: &str = "number:[";

pub fn parse(query: &str) -> Result<Vec<Clause<'_>>, String> {
    let mut clauses = Vec::new();
    let mut rest = query.trim_start_matches(' ');
    while !rest.is_empty() {
        let (role, body) = match rest.as_bytes()[0] {
            b'+' => (Role::Must, &rest[1..]),
            b'-' => (Role::MustNot, &rest[1..]),
            _ => (Role::Should, rest),
        };
        let (matter, after) =
            parse_matter(body).map_err(|wanted| format!("{wanted} in: {query}"))?;
        if !(after.is_empty() || after.starts_with(' ')) {
            return Err(format!("a space must follow each clause in: {query}"));
        }
        clauses.push(Clause { role, matter });
        rest = after.trim_start_matches(' ');
    }
    if clauses.iter().all(|clause| clause.role == Role::MustNot) {
        return Err(format!("nothing to look for in: {query}"));
    }
    Ok(clauses)
}

/// What a clause is about, and what follows it.
fn parse_matter(body: &str) -> Result<(Matter<'_>, &str), &'static str> {
    if let Some(quoted) = body.strip_prefix('"') {
        let (text, after) = quoted.split_once('"').ok_or("a quote is not closed")?;
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() || !words.iter().all(|word| is_word(word)) {
            return Err("a phrase of words was wanted");
        }
        return Ok((Matter::Words(words), after));
    }
    if let Some(quoted) = body.strip_prefix('/') {
        let (pattern, after) = quoted.split_once('/').ok_or("an expression is not closed")?;
        return Ok((Matter::Regexp(pattern), after));
    }
    if body.starts_with(RANGE) {
        let end = body.find(']').ok_or("a range is not closed")? + 1;
        let (from, to) = parse_range(&body[..end]).ok_or("two numbers were wanted")?;
        return Ok((Matter::Range(from, to), &body[end..]));
    }
    let (text, after) = body.split_at(body.find(' ').unwrap_or(body.len()));
    let (word, behind) = text.split_at(text.find(['*', '~']).unwrap_or(text.len()));
    if !is_word(word) {
        return Err("a word of a-z and 0-9 was wanted");
    }
    let matter = match behind {
        "" => Matter::Words(vec![word]),
        "*" => Matter::Prefix(word),
        "~1" => Matter::Fuzzy(word, 1),
        "~2" => Matter::Fuzzy(word, 2),
        _ => return Err("behind a word stands nothing, *, ~1 or ~2"),
    };
    Ok((matter, after))
}

/// The ends of `number:[1 TO 9]`.
pub fn parse_range(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.strip_prefix(RANGE)?.strip_suffix(']')?.split_once(" TO ")?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

fn is_word(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{parse, Matter, Role};

    fn flat(query: &str) -> Vec<(Role, String)> {
        let clauses = parse(query).expect("a good query");
        let text = |matter: &Matter| match matter {
            Matter::Words(words) => words.join("_"),
            other => format!("{other:?}"),
        };
        clauses.iter().map(|clause| (clause.role, text(&clause.matter))).collect()
    }

    #[test]
    fn patterns_and_ranges() {
        let flat_matter = |query: &str| parse(query).expect("a good query").remove(0).matter;
        assert_eq!(flat_matter("ab*"), Matter::Prefix("ab"));
        assert_eq!(flat_matter("ab~2"), Matter::Fuzzy("ab", 2));
        assert_eq!(flat_matter("/a[b-c].*/"), Matter::Regexp("a[b-c].*"));
        assert_eq!(flat_matter("number:[3 TO 14]"), Matter::Range(3, 14));
        assert_eq!(
            flat("+the +number:[3 TO 14] -/x|y/"),
            [
                (Role::Must, "the".to_string()),
                (Role::Must, "Range(3, 14)".to_string()),
                (Role::MustNot, "Regexp(\"x|y\")".to_string()),
            ]
        );
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
        for query in [
            "", " ", "-a", "+", "\"\"", "\"a", "\"a\"b", "A", "a+b", "caf\u{e9}", "+-a", "*",
            "a*b", "a~", "a~3", "/a", "/a/b", "number:[1 TO 9", "number:[1 TO x]", "-ab*",
        ] {
            assert!(parse(query).is_err(), "{query}");
        }
    }
}
