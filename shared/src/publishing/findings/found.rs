//! The findings of a post while it is examined: those that say the same are counted as one.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::super::references::OwnFiles;
use crate::model::{Finding, FindingCode, hidden};

/// How many findings are listed. If there are more, one further says how many.
pub const MAX_FINDINGS: usize = 200;

/// How many different findings of one kind are kept apart.
const MAX_OF_A_KIND: usize = 200;

/// What was found so far.
pub(super) struct Found<'a> {
    /// Where the publication's files are.
    pub(super) own: OwnFiles,
    /// The texts that are examined, by their pointers.
    texts: Vec<(String, Cow<'a, str>)>,
    kinds: BTreeMap<FindingCode, Kind>,
}

/// The findings with one code.
#[derive(Default)]
struct Kind {
    kept: Vec<Entry>,
    /// Where in `kept` the finding of a text with this message is.
    index: HashMap<(usize, String), usize>,
    /// How many others were found that are not kept.
    more: usize,
}

struct Entry {
    text: usize,
    at: Option<At>,
    message: String,
    count: usize,
}

/// A place in a text, in bytes.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// Exactly there.
    Byte(usize),
    /// Somewhere in the line that this byte is in.
    Line(usize),
}

impl<'a> Found<'a> {
    /// Nothing yet, for a publication whose files are at `media_url`.
    pub(super) fn new(media_url: &str) -> Self {
        Self { own: OwnFiles::new(media_url), texts: Vec::new(), kinds: BTreeMap::new() }
    }

    /// Begins with a text; what is found next is in it.
    pub(super) fn begin(&mut self, pointer: impl Into<String>, text: impl Into<Cow<'a, str>>) {
        self.texts.push((pointer.into(), text.into()));
    }

    /// Adds a finding. `message` names no place, so that the same thing is found again elsewhere.
    pub(super) fn add(&mut self, code: FindingCode, at: Option<At>, message: String) {
        let text = self.texts.len().saturating_sub(1);
        let kind = self.kinds.entry(code).or_default();
        let key = (text, message);
        if let Some(entry) = kind.index.get(&key) {
            kind.kept[*entry].count += 1;
        } else if kind.kept.len() < MAX_OF_A_KIND {
            let message = key.1.clone();
            kind.index.insert(key, kind.kept.len());
            kind.kept.push(Entry { text, at, message, count: 1 });
        } else {
            kind.more += 1;
        }
    }

    /// How often the text at a pointer has a finding.
    fn count(&self, code: FindingCode, pointer: &str, message: &str) -> usize {
        let Some(kind) = self.kinds.get(&code) else { return 0 };
        // The name and the value of a member have one pointer.
        let texts = self.texts.iter().enumerate().filter(|(_, (known, _))| known == pointer);
        let entries = texts.filter_map(|(text, _)| kind.index.get(&(text, message.to_owned())));
        entries.map(|entry| kind.kept[*entry].count).sum()
    }

    /// The list; what `before` has as often is not new.
    pub(super) fn into_list(self, before: Option<&Self>) -> Vec<Finding> {
        let mut all: Vec<(bool, FindingCode, &Entry)> = Vec::new();
        let mut left = Left::default();
        for (code, kind) in &self.kinds {
            for entry in &kind.kept {
                let pointer = &self.texts[entry.text].0;
                let had = before.map_or(0, |had| had.count(*code, pointer, &entry.message));
                all.push((entry.count > had, *code, entry));
            }
            // What is not kept cannot be compared, and counts as new.
            left.add(*code, kind.more, kind.more > 0);
        }
        // The order within a kind is that of the texts.
        all.sort_by_key(|(is_new, code, _)| (!is_new, *code));
        let cut = all.split_off(all.len().min(MAX_FINDINGS));
        cut.iter().for_each(|(is_new, code, _)| left.add(*code, 1, *is_new));
        let mut list: Vec<Finding> =
            all.into_iter().map(|(new, code, entry)| self.finding(new, code, entry)).collect();
        list.extend(left.finding());
        list
    }

    fn finding(&self, new: bool, code: FindingCode, entry: &Entry) -> Finding {
        let (pointer, text) = &self.texts[entry.text];
        let place = entry.at.map(|at| match at {
            At::Byte(at) => {
                let (line, column) = hidden::place(text, at);
                (line, Some(column))
            }
            At::Line(at) => (hidden::place(text, at).0, None),
        });
        let times = match entry.count {
            1 => String::new(),
            count => format!(" (found {count} times, first here)"),
        };
        Finding {
            pointer: pointer.clone(),
            code,
            line: place.map(|(line, _)| line),
            column: place.and_then(|(_, column)| column),
            message: format!("{}{times}", entry.message),
            new,
        }
    }
}

/// The findings that the list has no room for.
#[derive(Default)]
struct Left {
    counts: BTreeMap<FindingCode, usize>,
    has_new: bool,
}

impl Left {
    fn add(&mut self, code: FindingCode, count: usize, is_new: bool) {
        if count > 0 {
            *self.counts.entry(code).or_default() += count;
            self.has_new |= is_new;
        }
    }

    fn finding(self) -> Option<Finding> {
        let all: usize = self.counts.values().sum();
        let kinds = self.counts.iter().map(|(code, count)| {
            let code = serde_json::to_value(code).unwrap_or_default();
            format!("{count} \u{d7} {}", code.as_str().unwrap_or_default())
        });
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        (all > 0).then(|| Finding {
            pointer: String::new(),
            code: FindingCode::More,
            line: None,
            column: None,
            message: format!(
                "There are {all} further findings that are not listed: {kinds}. Ask for a text with \
                 less that readers do not see."
            ),
            new: self.has_new,
        })
    }
}
