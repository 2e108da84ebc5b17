//! What Obsidian writes into its Markdown: links to notes and files by their names, comments, callouts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use regex::{Captures, Regex};

use super::super::pattern::regex;
use super::text::outside_code;

/// What is escaped in an address of a file or a note.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'%')
    .add(b'#')
    .add(b'?');

/// How many files of a vault are known by their names.
const MAX_FILES: usize = 100_000;

/// The files of a vault by their names, in small letters; notes without their ending.
pub(super) struct Vault(HashMap<String, String>);

impl Vault {
    /// The files of a folder, if it is a vault.
    pub(super) fn of(root: &Path) -> Option<Self> {
        if !root.join(".obsidian").is_dir() {
            return None;
        }
        let mut files = HashMap::new();
        let mut open: Vec<PathBuf> = vec![root.to_owned()];
        while let Some(folder) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
            entries.sort_by_key(std::fs::DirEntry::path);
            for entry in entries {
                let path = entry.path();
                let name = entry.file_name().to_string_lossy().into_owned();
                let Ok(kind) = entry.file_type() else { continue };
                if name.starts_with('.') || files.len() > MAX_FILES {
                    continue;
                }
                if kind.is_dir() {
                    open.push(path);
                    continue;
                }
                let below = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                let below = below.replace('\\', "/");
                let key = |text: &str| text.strip_suffix(".md").unwrap_or(text).to_lowercase();
                let address = format!("/{}", below.strip_suffix(".md").unwrap_or(&below));
                // By its name, by its whole path: the first of several with one name counts.
                files.entry(key(&below)).or_insert_with(|| address.clone());
                files.entry(key(&name)).or_insert(address);
            }
        }
        Some(Self(files))
    }

    /// The path of a file, or of a note's page, as an address.
    fn address(&self, name: &str) -> Option<String> {
        let name = name.trim().trim_start_matches("./").trim_start_matches('/');
        let name = name.strip_suffix(".md").unwrap_or(name).to_lowercase();
        self.0.get(&name).map(|path| utf8_percent_encode(path, ESCAPED).to_string())
    }

    /// A text in which links and images lead somewhere; and what is not as it was.
    pub(super) fn resolved(&self, text: &str) -> (String, Vec<String>) {
        let mut notes = Vec::new();
        let text = outside_code(text, |prose| self.part(prose, &mut notes));
        notes.sort();
        notes.dedup();
        (text, notes)
    }

    fn part(&self, prose: &str, notes: &mut Vec<String>) -> String {
        static COMMENT: LazyLock<Regex> = LazyLock::new(|| regex(r"(?s)%%.*?%%"));
        static LINK: LazyLock<Regex> = LazyLock::new(|| {
            regex(r"(!?)\[\[([^\[\]|#\n]*)(#[^\[\]|\n]*)?(?:\\?\|([^\[\]\n]*))?\]\]")
        });
        static BLOCK: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)[ \t]+\^[\w-]+[ \t]*$"));
        static MARKED: LazyLock<Regex> = LazyLock::new(|| regex(r"==([^\s=](?:[^=\n]*[^\s=])?)=="));
        static CALLOUT: LazyLock<Regex> =
            LazyLock::new(|| regex(r"(?m)^((?:>[ \t]*)+)\[!([\w-]+)\][+-]?[ \t]*(.*)$"));
        let prose = COMMENT.replace_all(prose, "");
        let prose = LINK.replace_all(&prose, |found: &Captures<'_>| self.link(found, notes));
        let prose = BLOCK.replace_all(&prose, "");
        let prose = MARKED.replace_all(&prose, "<mark>$1</mark>");
        let prose = CALLOUT.replace_all(&prose, |found: &Captures<'_>| {
            let title = if found[3].trim().is_empty() { &found[2] } else { found[3].trim() };
            notes.push("Its callouts are quotes with their titles.".to_owned());
            format!("{0}**{title}**\n{0}", &found[1])
        });
        prose.into_owned()
    }

    fn link(&self, found: &Captures<'_>, notes: &mut Vec<String>) -> String {
        let part = |place: usize| found.get(place).map_or("", |part| part.as_str().trim());
        let (name, heading, shown) = (part(2), part(3), part(4));
        let is_file = Path::new(name).extension().is_some_and(|ending| ending != "md");
        let text = match (shown, heading) {
            ("", "") => name.to_owned(),
            ("", heading) if name.is_empty() => heading.trim_start_matches(['#', '^']).to_owned(),
            ("", heading) => format!("{name} \u{203a} {}", heading.trim_start_matches(['#', '^'])),
            (shown, _) => shown.to_owned(),
        };
        if name.is_empty() {
            return text;
        }
        let Some(address) = self.address(name) else {
            notes.push(format!("`{name}` is not in the source; its link became text."));
            return text;
        };
        match (part(1), is_file) {
            ("!", true) => {
                // A number is a width, and not what is seen.
                let is_size = shown.chars().all(|char| char.is_ascii_digit() || char == 'x');
                let alt = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
                format!("![{}]({address})", if is_size { &alt } else { shown })
            }
            ("!", false) => {
                notes.push(format!("The note `{name}` was shown in it; a link leads there now."));
                format!("[{text}]({address})")
            }
            _ => format!("[{text}]({address})"),
        }
    }
}
