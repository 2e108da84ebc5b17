//! What an import did, for people.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::Skipped;

/// How many of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Made by this run.
    pub new: u64,
    /// Done by an earlier run.
    pub earlier: u64,
    /// There already, whoever made them.
    pub found: u64,
}

impl Count {
    /// All of them.
    #[must_use]
    pub fn all(self) -> u64 {
        self.new + self.earlier + self.found
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Authors.
    pub authors: Count,
    /// Tags that are described.
    pub tags: Count,
    /// Posts.
    pub posts: Count,
    /// The posts by what became of them: `published`, `draft` and so on.
    pub statuses: BTreeMap<&'static str, u64>,
    /// Media files.
    pub media: Count,
    /// Redirects.
    pub redirects: Count,
    /// What was skipped or changed, and why.
    pub skipped: Vec<Skipped>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("posts", self.posts),
            ("media files", self.media),
            ("authors", self.authors),
            ("tags", self.tags),
            ("redirects", self.redirects),
        ];
        for (name, count) in rows {
            write!(f, "{:>7} {name}", count.all())?;
            let mut parts = Vec::new();
            if count.earlier > 0 {
                parts.push(format!("{} by an earlier run", count.earlier));
            }
            if count.found > 0 {
                parts.push(format!("{} were there", count.found));
            }
            if name == "posts" {
                parts.extend(
                    self.statuses.iter().map(|(status, count)| format!("{count} {status}")),
                );
            }
            if !parts.is_empty() {
                write!(f, " ({})", parts.join(", "))?;
            }
            writeln!(f)?;
        }
        if self.skipped.is_empty() {
            return writeln!(f, "\nNothing was skipped.");
        }
        writeln!(f, "\nSkipped or changed ({}):", self.skipped.len())?;
        self.skipped.iter().try_for_each(|skipped| writeln!(f, "- {skipped}"))
    }
}
