//! What publishing would change, as simple facts: fields before and after, findings, lines of text.

pub(crate) mod fields;
pub(crate) mod findings;
pub(crate) mod result;
pub(crate) mod text;
