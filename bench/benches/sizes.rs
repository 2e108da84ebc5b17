//! The sizes of the functions of conversations, beside the floor.

use std::path::Path;

use crate::Error;
use crate::release::Binaries;
use crate::report::Budget::AtMost;
use crate::report::{self, ratio};

/// The function that streams at a URL of its own: it has all operations of the domain.
const STREAMING: &str = "agent-url";

/// The functions of conversations.
pub(crate) fn functions() -> Result<Vec<String>, Error> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions/conversations/src/bin");
    let mut names = Vec::new();
    for file in folder.read_dir()? {
        let path = file?.path();
        names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Measures those that were built, and prints a table of them.
pub(crate) fn measure(binaries: &Binaries) -> Result<(), Error> {
    let megabytes = |name: &str| Ok::<_, Error>(binaries.gzipped(name)? as f64 / 1e6);
    let floor = megabytes("floor-get-item")?;
    report::table("Functions of conversations", &["", "gzipped"]);
    for name in functions()?.iter().filter(|name| binaries.path(name).exists()) {
        let budget = AtMost(if name == STREAMING { 2.0 } else { 1.3 });
        println!("| `{name}` | {} |", ratio(megabytes(name)?, 2, " MB", floor, budget));
    }
    Ok(())
}
