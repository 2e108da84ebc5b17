//! How well HTML became Markdown.

/// How Markdown that was made of HTML reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// As the HTML did.
    Same,
    /// The same; a part of it is still HTML.
    KeptHtml,
    /// Otherwise than the HTML did.
    Different,
}
