//! Names of tags in one line, with commas between them. A name that has a comma of its own, or that begins
//! with a quotation mark, stands in quotation marks.

use byline_shared::model::Tag;

/// The names in one line.
pub(crate) fn line(tags: &[Tag]) -> String {
    let names = tags.iter().map(|tag| {
        let name = tag.name.as_str();
        if name.contains(',') || name.starts_with('"') {
            format!("\"{}\"", name.replace('"', "\"\""))
        } else {
            name.to_owned()
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The names that stand in a line, without blanks around them; empty ones are left out.
pub(crate) fn names(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (name, after) = match rest.strip_prefix('"').and_then(quoted) {
            Some(quoted) => quoted,
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                (rest[..end].trim().to_owned(), &rest[end..])
            }
        };
        if !name.is_empty() {
            names.push(name);
        }
        rest = after.trim_start().trim_start_matches([',', '\n']).trim_start();
    }
    names
}

/// The name up to the closing mark, and what stands behind it; none if the mark is never closed, or if
/// more than a comma follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if char != '"' {
            name.push(char);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            let after = text[at + 1..].trim_start();
            let ends = after.is_empty() || after.starts_with([',', '\n']);
            return ends.then_some((name, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use byline_shared::model::{Slug, TagName};

    #[test]
    fn every_name_comes_back() {
        let names_of = |names: &[&str]| -> Vec<Tag> {
            let tag = |name: &&str| Tag { slug: Slug::trusted("x"), name: TagName::trusted(*name) };
            names.iter().map(tag).collect()
        };
        for written in [
            &["Prices", "Offers"][..],
            &["Food, drink", "C++"],
            &["\"Best\" of, 2026", "a \"b\" c"],
            &["\"Quoted\""],
            &[],
        ] {
            assert_eq!(names(&line(&names_of(written))), written);
        }
    }

    #[test]
    fn people_write_it_as_they_like() {
        assert_eq!(names(" a,b ,, c , "), ["a", "b", "c"]);
        assert_eq!(names("a\nb"), ["a", "b"]);
        assert_eq!(names("\"open, b"), ["\"open", "b"]);
        assert_eq!(names("\"a\" b, c"), ["\"a\" b", "c"]);
    }
}
