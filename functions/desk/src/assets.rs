//! The style sheet and the scripts, compiled in. The name of each carries the digest of its content, so that
//! browsers keep it for good, and a new release is a new name.

use std::fmt::Write;
use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use maud::{Markup, html};

/// Where they are served.
const FOLDER: &str = "/desk/assets/";

/// A file that pages load.
pub(crate) struct Asset {
    /// Its name without the digest, by which the code refers to it.
    name: &'static str,
    /// Its media type.
    pub(crate) media_type: &'static str,
    /// Its content.
    pub(crate) content: &'static str,
    /// Its name as it is served: `<name>.<first 16 hex digits of the SHA-256>.<css|js>`.
    file: String,
}

impl Asset {
    fn new(name: &'static str, media_type: &'static str, content: &'static str) -> Self {
        let content = without_head(content);
        let (stem, kind) = name.split_once('.').expect("every name has one dot");
        let mut file = format!("{stem}.");
        for byte in &digest(&SHA256, content.as_bytes()).as_ref()[..8] {
            write!(file, "{byte:02x}").expect("writing to a string does not fail");
        }
        file.push('.');
        file.push_str(kind);
        Self { name, media_type, content, file }
    }
}

/// The file without the comment at its start, which says for us what markup a script expects.
fn without_head(content: &'static str) -> &'static str {
    let is_head = |line: &&str| line.starts_with("//") || line.trim().is_empty();
    let head = content.split_inclusive('\n').take_while(is_head).map(str::len).sum();
    &content[head..]
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

static ASSETS: LazyLock<[Asset; 9]> = LazyLock::new(|| {
    [
        Asset::new("desk.css", CSS, include_str!("style.css")),
        Asset::new("upload.js", SCRIPT, include_str!("scripts/upload.js")),
        Asset::new("editor.js", SCRIPT, include_str!("scripts/editor.js")),
        Asset::new("draft.js", SCRIPT, include_str!("scripts/draft.js")),
        Asset::new("forget.js", SCRIPT, include_str!("scripts/forget.js")),
        Asset::new("preview.js", SCRIPT, include_str!("scripts/preview.js")),
        Asset::new("passkey.js", SCRIPT, include_str!("scripts/passkey.js")),
        Asset::new("agent.js", SCRIPT, include_str!("scripts/agent.js")),
        Asset::new("queue.js", SCRIPT, include_str!("scripts/queue.js")),
    ]
});

/// The path of the asset with this name.
///
/// # Panics
/// If there is none: names are literals in the code.
pub(crate) fn href(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    format!("{FOLDER}{}", found.expect("the asset is in the list").file)
}

/// The asset that is served under this file name. A name with another digest is of another release.
pub(crate) fn find(file: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.file == file)
}

/// Loads scripts: a page puts this where its content ends. No page needs them to work; passkeys do.
pub(crate) fn scripts(names: &[&str]) -> Markup {
    html! {
        @for name in names {
            script type="module" src=(href(name)) {}
        }
    }
}
