//! What an import did, for people.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::{Fidelity, Skipped};

/// How many of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Made by this run.
    pub new: u64,
    /// Done by an earlier run.
    pub earlier: u64,
    /// Already there, from this import or another source.
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
    /// Published posts of which no old address is known.
    pub without_address: u64,
    /// Old addresses of which a second post says that it had them.
    pub claimed_twice: u64,
    /// Posts that were made of HTML, by how they read now.
    pub same: u64,
    /// Those of them in which a part is still HTML.
    pub kept_html: u64,
    /// Those that read otherwise than before.
    pub different: u64,
    /// What was skipped or changed, and why.
    pub skipped: Vec<Skipped>,
}

impl Report {
    /// Counts how a post reads.
    pub(crate) fn count_reading(&mut self, fidelity: Option<Fidelity>) {
        match fidelity {
            Some(Fidelity::Same) => self.same += 1,
            Some(Fidelity::KeptHtml) => self.kept_html += 1,
            Some(Fidelity::Different) => self.different += 1,
            None => {}
        }
    }
}

/// A number and what it counts, in its plural where that is right.
#[must_use]
pub fn counted(count: u64, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("post", self.posts),
            ("media file", self.media),
            ("author", self.authors),
            ("tag", self.tags),
            ("redirect", self.redirects),
        ];
        for (name, count) in rows {
            let is_post = name == "post";
            let plural = if count.all() == 1 { "" } else { "s" };
            write!(f, "{:>7} {name}{plural}", count.all())?;
            let mut parts = Vec::new();
            if count.earlier > 0 {
                parts.push(format!("{} by an earlier run", count.earlier));
            }
            if count.found > 0 {
                let verb = if count.found == 1 { "was" } else { "were" };
                parts.push(format!("{} {verb} there already", count.found));
            }
            if is_post {
                parts.extend(
                    self.statuses.iter().map(|(status, count)| format!("{count} {status}")),
                );
            }
            if !parts.is_empty() {
                write!(f, " ({})", parts.join(", "))?;
            }
            writeln!(f)?;
        }
        if self.same + self.kept_html + self.different > 0 {
            writeln!(
                f,
                "\nMade of HTML: {} read the same, {} the same with a part kept as HTML, {} differently.",
                self.same, self.kept_html, self.different
            )?;
        }
        if self.without_address > 0 {
            let posts = counted(self.without_address, "published post");
            writeln!(f, "\n{posts} without an old URL: no redirect leads there. See --permalink.")?;
        }
        if self.claimed_twice > 0 {
            let addresses = counted(self.claimed_twice, "old URL");
            writeln!(f, "\n{addresses} claimed twice: each leads to the first post that had it.")?;
        }
        if self.skipped.is_empty() {
            return writeln!(f, "\nNothing was skipped.");
        }
        writeln!(f, "\nSkipped or changed ({}):", self.skipped.len())?;
        self.skipped.iter().try_for_each(|skipped| writeln!(f, "- {skipped}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one() {
        let found = Count { found: 1, ..Count::default() };
        let report = Report { authors: found, ..Report::default() };
        let text = report.to_string();
        assert!(text.contains("1 author (1 was there already)"), "{text}");
        assert!(text.contains("0 posts") && text.contains("0 media files"), "{text}");
        assert_eq!((counted(1, "post"), counted(2, "post")), ("1 post".into(), "2 posts".into()));
    }
}
