//! What Jekyll writes into its Markdown: Liquid, and the marks of kramdown.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::pattern::regex;
use super::text::outside_code;

/// How many of the things that stay are named.
const NAMED: usize = 20;

/// What a text is resolved with.
pub(super) struct Site<'a> {
    /// Where its files are.
    pub(super) root: &'a Path,
    /// The path of the site, without a slash at the end.
    pub(super) base: &'a str,
    /// The address of a post by the name of its file.
    pub(super) post: &'a dyn Fn(&str) -> Option<String>,
}

/// What is not resolved.
#[derive(Default)]
struct Left {
    stays: BTreeSet<String>,
    dropped: BTreeSet<String>,
}

/// A text in which Liquid is what it stands for, as far as that is known; and what stays.
pub(super) fn resolved(text: &str, site: &Site<'_>) -> (String, Vec<String>) {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?s)\{%-?\s*highlight\s+([\w+#.-]+)[^%]*-?%\}[ \t]*\n?(.*?)\n?[ \t]*\{%-?\s*endhighlight\s*-?%\}",
        )
    });
    let fenced = CODE.replace_all(text, |found: &Captures<'_>| {
        let code = &found[2];
        let runs = code.split(|char| char != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(runs.max(2) + 1);
        format!("{fence}{}\n{code}\n{fence}", &found[1])
    });
    let mut left = Left::default();
    let text = outside_code(&fenced, |prose| part(prose, site, &mut left));
    let named = |names: BTreeSet<String>| names.into_iter().take(NAMED);
    let more = left.stays.len().saturating_sub(NAMED);
    let mut notes: Vec<String> =
        named(left.stays).map(|what| format!("`{what}` stays in its text as it is.")).collect();
    if more > 0 {
        notes.push(format!("{more} more tags of Liquid stay in its text as they are."));
    }
    notes.extend(named(left.dropped).map(|what| format!("The mark `{what}` was taken out.")));
    (text, notes)
}

fn part(prose: &str, site: &Site<'_>, left: &mut Left) -> String {
    static RAW: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?s)\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}"));
    // What Liquid is not to read stands apart until the end.
    let mut raw = Vec::new();
    let prose = RAW.replace_all(prose, |found: &Captures<'_>| {
        raw.push(found[1].to_owned());
        HOLE.to_string()
    });
    static COMMENT: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?s)\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}"));
    static POST: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?:\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\})*\{%-?\s*(?:post_url|link)\s+([^\s%]+)\s*-?%\}"#,
        )
    });
    static PATH: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?:\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\})+([^\s)"'>\]]*)"#));
    static FILTER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"\{\{-?\s*["']([^"'{}]*)["']\s*\|\s*(?:relative_url|absolute_url|prepend:\s*site\.(?:baseurl|url)(?:\s*\|\s*prepend:\s*site\.url)?)\s*-?\}\}"#,
        )
    });
    let prose = COMMENT.replace_all(&prose, "");
    let prose = POST.replace_all(&prose, |found: &Captures<'_>| {
        (site.post)(&found[1]).unwrap_or_else(|| found[0].to_owned())
    });
    let path = |path: &str| {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let file = path.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
        match !file.contains("..") && site.root.join(file).is_file() {
            true => path,
            false => format!("{}{path}", site.base),
        }
    };
    let prose = PATH.replace_all(&prose, |found: &Captures<'_>| path(&found[1]));
    let prose = FILTER.replace_all(&prose, |found: &Captures<'_>| path(&found[1]));
    static LEFT: LazyLock<Regex> = LazyLock::new(|| regex(r"\{[{%]-?\s*([^}%\n]{1,80})"));
    let names = LEFT.captures_iter(&prose).map(|found| {
        let open = &found[0][..2];
        let close = if open == "{{" { "}}" } else { "%}" };
        format!("{open} {} {close}", found[1].trim().trim_end_matches('-').trim())
    });
    left.stays.extend(names);
    let mut prose = kramdown(&prose, left);
    for text in raw {
        prose = prose.replacen(HOLE, &text, 1);
    }
    prose
}

/// Stands for what Liquid is not to read; no text has it.
const HOLE: char = '\u{fdd2}';

/// A text without the attributes of kramdown.
fn kramdown(text: &str, left: &mut Left) -> String {
    static CONTENTS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^[*+-] .*\n\{:\s*toc[^}\n]*\}[ \t]*\n?|^\{:toc\}[ \t]*\n?"));
    static LINE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^[ \t]*\{:[^}\n]*\}[ \t]*(?:\n|$)"));
    static INSIDE: LazyLock<Regex> = LazyLock::new(|| regex(r"\{:[^}\n]*\}"));
    static HEADING: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^(#{1,6} .*?)[ \t]*\{#[\w:.-]+\}[ \t]*$"));
    static TERM: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^[^\s#>*+-][^\n]*\n: +\S"));
    let mut dropped = |pattern: &Regex, text: &str, with: &str| {
        for found in pattern.find_iter(text) {
            let mark = found.as_str().trim();
            let mark = mark.find('{').map_or(mark, |at| &mark[at..]);
            left.dropped.insert(mark.to_owned());
        }
        pattern.replace_all(text, with).into_owned()
    };
    let text = dropped(&CONTENTS, text, "");
    let text = dropped(&LINE, &text, "");
    let text = dropped(&INSIDE, &text, "");
    let text = HEADING.replace_all(&text, "$1").into_owned();
    if TERM.is_match(&text) {
        left.stays.insert(": definition".to_owned());
    }
    if text.contains("$$") {
        left.stays.insert("$$ formula $$".to_owned());
    }
    text
}
