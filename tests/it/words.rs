//! Phrases that readers have to read twice, and the plain words to use in their place.
//!
//! The list may grow. Public texts are the API description, `--help`, pages, mails, MCP texts and
//! documents; in Rust files, comments and string literals count.

use std::process::Command;

use crate::harness::events::root;
use crate::harness::tools;

/// A banned phrase in lower case, and what to write instead.
const PHRASES: [(&str, &str); 30] = [
    ("a word to", "a message to"),
    ("appoint", "schedule"),
    ("appointed", "scheduled"),
    ("appointment", "schedule"),
    ("appointments", "schedules"),
    ("as any call", "(state the common errors once, in the module's documentation)"),
    ("at home", "locally"),
    ("breaks off", "is interrupted"),
    ("broke off", "was interrupted"),
    ("broken off", "interrupted"),
    ("call off", "cancel"),
    ("called off", "cancelled"),
    ("calls off", "cancels"),
    ("given up", "failed"),
    ("in words of", "(name the language or the text)"),
    ("let in", "authorized"),
    ("lets in", "authorizes"),
    ("letter by letter", "exactly as written"),
    ("letting in", "authorizing"),
    ("of its own accord", "automatically"),
    ("shut out", "revoked"),
    ("shuts out", "revokes"),
    ("shutting out", "revoking"),
    ("stand so", "have this status"),
    ("stand out", "are featured"),
    ("stands out", "is featured"),
    ("upkeep", "propagation"),
    ("what is beyond", "what is not allowed for"),
    ("whoever", "anyone who"),
    ("whosever", "no matter whose"),
];

/// Banned in public texts only: code and its comments may start programs.
const PUBLIC_PHRASES: [(&str, &str); 2] = [("program", "app"), ("programs", "apps")];

/// Files whose texts people and clients of Byline read, by how their paths begin.
const PUBLIC: [&str; 17] = [
    ".env.example",
    ".github/",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "docs/",
    "functions/accounts/src/mails.rs",
    "functions/oauth/src/pages/",
    "functions/tools/src/",
    "local/src/bin/",
    "openapi.json",
    "operations.txt",
    "shared/src/mail/layout.rs",
    "shared/src/mail/notices.rs",
    "shared/src/mail/proposals.rs",
    "shared/src/mail/template.rs",
];

/// Files that are read, by how their names end.
const KINDS: [&str; 9] =
    [".rs", ".md", ".json", ".txt", ".yaml", ".yml", ".example", ".ci/run", ".html"];

/// The files that contain the phrases on purpose, and foreign texts.
const LEFT_OUT: [&str; 2] = ["tests/it/words.rs", "tests/data/"];

/// A text in lower case with single spaces, and the line of each of its bytes.
struct Text {
    text: String,
    lines: Vec<usize>,
}

impl Text {
    /// Joins lines, so that a phrase is found where a line breaks within it.
    fn new<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut joined = Self { text: String::new(), lines: Vec::new() };
        for (line, text) in lines.enumerate() {
            for word in text.split_whitespace() {
                let word = word.to_lowercase();
                joined.text.push_str(&word);
                joined.text.push(' ');
                joined.lines.resize(joined.text.len(), line + 1);
            }
        }
        joined
    }

    /// The lines in which a phrase begins. Letters, digits and `_` beside it make it another word.
    fn find(&self, phrase: &str) -> Vec<usize> {
        let is_part = |char: char| char.is_alphanumeric() || char == '_';
        let found = self.text.match_indices(phrase).filter(|(start, _)| {
            let (before, after) = (&self.text[..*start], &self.text[start + phrase.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part)
        });
        found.map(|(start, _)| self.lines[start]).collect()
    }
}

/// The comments and string literals of a Rust file; everything else becomes spaces. A text that
/// goes on in the next line has nothing between its parts.
fn prose_of_rust(source: &str) -> String {
    enum In {
        Code,
        Comment,
        Text,
        RawText(String),
    }
    let mut prose = String::with_capacity(source.len());
    let (mut place, mut rest) = (In::Code, source);
    while let Some(char) = rest.chars().next() {
        let mut length = char.len_utf8();
        let mut shown = " ";
        match &place {
            In::Code if rest.starts_with("//") => {
                length = rest.find(|char| char != '/' && char != '!').unwrap_or(rest.len());
                place = In::Comment;
            }
            In::Code if char == '"' => place = In::Text,
            In::Code if rest.starts_with("r\"") || rest.starts_with("r#") => {
                let hashes = rest[1..].chars().take_while(|char| *char == '#').count();
                if rest[1 + hashes..].starts_with('"') {
                    length = hashes + 2;
                    place = In::RawText(format!("\"{}", "#".repeat(hashes)));
                }
            }
            // A quote as a character; lifetimes have none.
            In::Code if rest.starts_with("'\"'") => length = 3,
            In::Comment if char == '\n' => place = In::Code,
            In::Text if char == '\\' => {
                length += rest[1..].chars().next().map_or(0, char::len_utf8)
            }
            In::Text if char == '"' => place = In::Code,
            In::RawText(end) if rest.starts_with(end.as_str()) => {
                length = end.len();
                place = In::Code;
            }
            In::Code => {}
            In::Comment | In::Text | In::RawText(_) => shown = &rest[..length],
        }
        // Lines stay lines, also where one ends within what is skipped.
        if shown == " " && rest[..length].contains('\n') {
            shown = "\n";
        }
        prose.push_str(shown);
        rest = &rest[length..];
    }
    prose
}

/// The banned phrases in a file, as `path:line: phrase`.
fn check(path: &str, content: &str) -> Vec<String> {
    let content =
        if path.ends_with(".rs") { prose_of_rust(content) } else { content.replace("\\n", " ") };
    let text = Text::new(content.lines());
    let is_public = PUBLIC.iter().any(|start| path.starts_with(start));
    let public: &[_] = if is_public { &PUBLIC_PHRASES } else { &[] };
    let mut found = Vec::new();
    for (phrase, plain) in PHRASES.iter().chain(public) {
        for line in text.find(phrase) {
            found.push(format!("{path}:{line}: \"{phrase}\", write \"{plain}\""));
        }
    }
    found
}

#[test]
fn texts_are_in_plain_words() {
    if !tools::there_is("git", &["--version"]) {
        return;
    }
    let list = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    let names = String::from_utf8(list.stdout).unwrap();
    let is_read = |name: &&str| {
        KINDS.iter().any(|end| name.ends_with(end))
            && !LEFT_OUT.iter().any(|start| name.starts_with(start))
            && root().join(name).is_file()
    };
    let names: Vec<&str> = names.split('\0').filter(is_read).collect();
    for start in PUBLIC {
        assert!(names.iter().any(|name| name.starts_with(start)), "{start}: there is no such file");
    }
    let read =
        |name: &&str| (name.to_string(), std::fs::read_to_string(root().join(name)).unwrap());
    let found: Vec<String> =
        names.iter().map(read).flat_map(|(name, content)| check(&name, &content)).collect();
    assert!(found.is_empty(), "{} phrases to replace:\n{}", found.len(), found.join("\n"));
}

#[test]
fn phrases_are_found_with_their_line() {
    let markdown = "# A page\n\nIt is called\noff, and `call_off` is not.\n";
    let found = check("docs/X.md", markdown);
    assert_eq!(found, ["docs/X.md:3: \"called off\", write \"cancelled\""]);

    let rust = "//! Made as any\n//! call.\nfn at() { home(\"It is at \\\n    home.\", r#\"a \"word\" to\"#, '\"') } // broke off\n";
    let lines: Vec<String> = check("shared/src/x.rs", rust);
    let lines: Vec<&str> = lines.iter().map(|found| found.split(" ").next().unwrap()).collect();
    assert_eq!(lines, ["shared/src/x.rs:1:", "shared/src/x.rs:3:", "shared/src/x.rs:4:"]);

    assert!(check("shared/src/x.rs", "let program = 1; // a program").is_empty());
    assert_eq!(check("docs/X.md", "A program.").len(), 1);
}
