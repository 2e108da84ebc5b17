//! Changes of a part of a text: a passage that is found and replaced, or a section under its
//! heading. What is not found exactly as told changes nothing.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::content::with_line_feeds;
use super::passage::places;
use super::sections::{NoSection, Sections};
use crate::context::Context;
use crate::http::problem::{FieldError, Problem};
use crate::model::Markdown;

/// A passage and what takes its place.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Edit {
    /// The passage, exactly as it stands there. It must stand there once.
    #[schemars(length(min = 1, max = 20_000))]
    pub find: String,
    /// What takes its place; empty removes it.
    pub replace: Markdown,
}

/// A section and what takes its place.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct SectionEdit {
    /// Its heading, or line:12 for the one that begins on that line.
    #[schemars(length(min = 1, max = 500))]
    pub heading: String,
    /// Its new Markdown, with its heading and what is below it; empty removes it.
    pub markdown: Markdown,
}

impl Edit {
    fn with_line_feeds(self) -> Self {
        let find = with_line_feeds(Markdown::trusted(self.find)).as_str().to_owned();
        Self { find, replace: with_line_feeds(self.replace) }
    }
}

impl SectionEdit {
    fn with_line_feeds(self) -> Self {
        Self { markdown: with_line_feeds(self.markdown), ..self }
    }
}

/// How many places of a passage are named.
const PLACES: usize = 5;

/// A text with all of these changes, in this order.
///
/// # Errors
/// 422 that names every change that cannot be made, with how often and on which lines its passage
/// stands.
pub async fn edited(
    cx: &Context,
    body: &Markdown,
    edits: Vec<Edit>,
    sections: Vec<SectionEdit>,
) -> Result<Markdown, Problem> {
    // A text of an earlier version, or one that was just sent, may have other line ends than the edits.
    let body = with_line_feeds(body.clone()).as_str().to_owned();
    let edits: Vec<Edit> = edits.into_iter().map(Edit::with_line_feeds).collect();
    let sections: Vec<SectionEdit> =
        sections.into_iter().map(SectionEdit::with_line_feeds).collect();
    let outcome = cx.compute(move || apply(body, &edits, &sections)).await?;
    let edited = outcome.map_err(Problem::invalid)?;
    // Two texts that are visible can make one that is not: half of a flag is removed, or joiners meet.
    Markdown::try_from(edited).map_err(|error| {
        let message = format!("The edited text: {error}");
        Problem::invalid(vec![fault("/edits", "invalid_format", message)])
    })
}

fn apply(
    mut body: String,
    edits: &[Edit],
    sections: &[SectionEdit],
) -> Result<String, Vec<FieldError>> {
    let mut faults = Vec::new();
    for (place, edit) in edits.iter().enumerate() {
        match &places(&body, &edit.find)[..] {
            [only] => body.replace_range(only.clone(), edit.replace.as_str()),
            found => {
                let message = unclear(&body, &edit.find, found);
                faults.push(fault(&format!("/edits/{place}/find"), "not_unique", message));
            }
        }
    }
    for (place, section) in sections.iter().enumerate() {
        match replace_section(&body, section) {
            Ok(changed) => body = changed,
            Err(none) => {
                let pointer = format!("/sections/{place}/heading");
                faults.push(fault(&pointer, "not_unique", unclear_heading(&none)));
            }
        }
    }
    if faults.is_empty() { Ok(body) } else { Err(faults) }
}

fn fault(pointer: &str, code: &str, message: String) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: code.to_owned(), message }
}

/// How often a passage stands in a text that should hold it once, and where.
fn unclear(body: &str, find: &str, places: &[Range<usize>]) -> String {
    if places.is_empty() {
        let near = near(body, find);
        return format!(
            "Stands nowhere in the text (0 times).{near} Copy it exactly, with its spaces and line \
             breaks."
        );
    }
    let line_of = |place: &Range<usize>| body[..place.start].matches('\n').count() + 1;
    let lines: Vec<String> = places.iter().take(PLACES).map(|at| line_of(at).to_string()).collect();
    let more = if places.len() > PLACES { ", …" } else { "" };
    format!(
        "Stands {} times, on the lines {}{more}. Take in more of what stands around the one that \
         you mean.",
        places.len(),
        lines.join(", ")
    )
}

/// Where a passage stands but for spaces, case and line breaks, in words.
fn near(body: &str, find: &str) -> String {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let first = find.lines().map(plain).find(|line| !line.is_empty()).unwrap_or_default();
    if first.is_empty() {
        return String::new();
    }
    let line = body.lines().position(|line| plain(line).contains(&first));
    line.map_or_else(String::new, |line| format!(" Something like it begins on line {}.", line + 1))
}

/// Why a heading names no section, and what to do.
fn unclear_heading(none: &NoSection) -> String {
    match none {
        NoSection::Missing => {
            "The text has no such heading. Read its outline for those that it has.".to_owned()
        }
        NoSection::Several(lines) => {
            let count = lines.len();
            let first = lines[0];
            let lines: Vec<String> =
                lines.iter().take(PLACES).map(|line| format!("line:{line}")).collect();
            format!(
                "{count} sections have this heading: {}. Name one so, for example line:{first}.",
                lines.join(", ")
            )
        }
    }
}

fn replace_section(body: &str, section: &SectionEdit) -> Result<String, NoSection> {
    let sections = Sections::parse(body);
    let found = sections.find(&section.heading)?;
    let (before, after) = (&body[..found.range.start], &body[found.range.end..]);
    let new = section.markdown.as_str().trim_end();
    let gap = match (new.is_empty(), after.is_empty()) {
        (true, _) => "",
        (false, true) => "\n",
        (false, false) => "\n\n",
    };
    Ok(format!("{before}{new}{gap}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(find: &str, replace: &str) -> Edit {
        Edit { find: find.to_owned(), replace: Markdown::trusted(replace) }
    }

    #[test]
    fn a_passage_that_is_missing_or_not_unique_changes_nothing_and_says_where() {
        let body = "# A\n\nred fish\n\nred  Fish, blue fish\n".to_owned();
        let edits = [edit("blue", "green"), edit("fish", "cat"), edit("red  fish,", "x")];
        let faults = apply(body.clone(), &edits, &[]).unwrap_err();
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/edits/1/find", "/edits/2/find"]);
        assert!(faults[0].message.starts_with("Stands 2 times, on the lines 3, 5."));
        assert!(faults[1].message.contains("(0 times). Something like it begins on line 5."));
        assert!(apply(body, &edits[..1], &[]).unwrap().contains("green fish"));
    }

    #[test]
    fn of_many_places_the_first_five_lines_are_named() {
        for (count, said) in [
            (2, "Stands 2 times, on the lines 1, 2. "),
            (5, "Stands 5 times, on the lines 1, 2, 3, 4, 5. "),
            (6, "Stands 6 times, on the lines 1, 2, 3, 4, 5, \u{2026}. "),
        ] {
            let faults = apply("fish\n".repeat(count), &[edit("fish", "cat")], &[]).unwrap_err();
            assert!(faults[0].message.starts_with(said), "{}", faults[0].message);
        }
    }

    #[test]
    fn a_section_is_replaced_with_all_that_is_below_it() {
        let body = "# A\n\na\n\n## B\n\nb\n\n# C\n\nc\n".to_owned();
        let section = |heading: &str, markdown: &str| SectionEdit {
            heading: heading.to_owned(),
            markdown: Markdown::trusted(markdown),
        };
        let changed = apply(body.clone(), &[], &[section("a", "# A\n\nnew")]).unwrap();
        assert_eq!(changed, "# A\n\nnew\n\n# C\n\nc\n");
        let changed = apply(body.clone(), &[], &[section("C", "# C\n\nnew\n\n")]).unwrap();
        assert!(changed.ends_with("b\n\n# C\n\nnew\n"));
        let removed = apply(body.clone(), &[], &[section("# B", "")]).unwrap();
        assert_eq!(removed, "# A\n\na\n\n# C\n\nc\n");
        let fault = apply(body, &[], &[section("D", "x")]).unwrap_err();
        assert_eq!(fault[0].pointer, "/sections/0/heading");
        assert!(fault[0].message.starts_with("The text has no such heading."), "{fault:?}");
        let twice = "# A\n\n# A\n".to_owned();
        let fault = apply(twice, &[], &[section("A", "x")]).unwrap_err();
        let said = "2 sections have this heading: line:1, line:3. Name one so, for example line:1.";
        assert_eq!(fault[0].message, said);
    }
}
