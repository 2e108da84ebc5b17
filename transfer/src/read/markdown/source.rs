//! The files of a folder as posts.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::super::clean;
use super::super::file_names::is_html;
use super::super::front_matter;
use super::super::matter::post_of;
use super::super::permalink::Generator;
use super::super::source_context::SourceContext;
use super::defaults::{self, Defaults};
use super::files::ABOUT;
use super::obsidian::Vault;
use super::{liquid, raw_media};
use crate::encoding::Decoded;
use crate::model::{Author, Post, Skipped};
use crate::source_folder::{MAX_POST, MAX_SETTINGS, SourceFolder};

/// What a file is.
pub(super) enum Read {
    Post(Box<Post>, Option<Author>),
    /// It is no post.
    No(Skipped),
    /// It is one, and cannot be read.
    Unreadable(Skipped),
}

/// A folder of posts while it is read.
pub(super) struct Source {
    pub(super) root: SourceFolder,
    pub(super) pages: HashSet<PathBuf>,
    pub(super) defaults: Vec<Defaults>,
    pub(super) context: SourceContext,
    /// The posts by the names of their files, which Liquid has.
    pub(super) names: HashMap<String, PathBuf>,
    pub(super) vault: Option<Vault>,
}

impl Source {
    /// Adds what the pages of sections cascade to the files below them.
    pub(super) fn cascades(&mut self, files: &[PathBuf]) {
        if self.context.is_ours {
            return;
        }
        if self.context.addresses.generator == Generator::Eleventy {
            let folders: HashSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
            for folder in folders {
                self.data_of(folder);
            }
        }
        for file in files {
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if stem.split('.').next() != Some("_index") {
                continue;
            }
            let Ok(text) = self.root.read_text(file, MAX_POST) else { continue };
            let Ok(split) = front_matter::split(&text) else { continue };
            let Some(cascade) = split.matter.get("cascade") else { continue };
            let folder =
                file.parent().and_then(|folder| folder.strip_prefix(self.root.path()).ok());
            let folder = folder.unwrap_or(Path::new("")).display().to_string();
            self.defaults.extend(Defaults::cascade(cascade, &folder));
        }
    }

    /// Adds the data that Eleventy keeps for a folder, in a file of the folder's name.
    fn data_of(&mut self, folder: &Path) {
        let Some(name) = folder.file_name().and_then(|name| name.to_str()) else { return };
        for file in [format!("{name}.json"), format!("{name}.11tydata.json")] {
            let Ok(text) = self.root.read_text(&folder.join(file), MAX_SETTINGS) else { continue };
            let Ok(values) = serde_json::from_str(&text) else { continue };
            let below = folder.strip_prefix(self.root.path()).unwrap_or(Path::new(""));
            self.defaults.extend(Defaults::cascade(&values, &below.display().to_string()));
        }
    }

    pub(super) fn read(&self, file: &Path) -> Read {
        let name = file.strip_prefix(self.root.path()).unwrap_or(file).display().to_string();
        let Decoded { text, note } = match self.root.read_decoded(file, MAX_POST) {
            Ok(decoded) => decoded,
            Err(why) => return Read::Unreadable(Skipped::new(name, why.to_string())),
        };
        let mut split = match front_matter::split(&text) {
            Ok(split) => split,
            Err(why) => return Read::Unreadable(Skipped::new(name, why.to_string())),
        };
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if stem.split('.').next() == Some("_index") {
            return Read::No(Skipped::new(name, "it is the page of a section, not a post."));
        }
        if split.matter.is_empty() && ABOUT.contains(&stem.to_ascii_lowercase().as_str()) {
            return Read::No(Skipped::new(name, "it has no front matter and is about the folder."));
        }
        let is_page = self.pages.contains(file);
        let kind = match is_page {
            true => "pages",
            false if name.contains("_drafts/") => "drafts",
            false => "posts",
        };
        defaults::fill(&mut split.matter, &self.defaults, &name, kind);
        let (body, notes) = match self.context.is_ours || is_html(file) {
            true => (split.body.to_owned(), Vec::new()),
            false => self.body(split.body),
        };
        let (mut post, author) = post_of(&name, split.matter, &body, is_page, &self.context);
        // Those of Jekyll are named one by one.
        if !notes.is_empty() {
            post.skipped.retain(|said| !said.why.starts_with("Liquid tags"));
        }
        notes.into_iter().for_each(|note| post.skip(note));
        post.folder = file.parent().map(Path::to_owned);
        note.into_iter().for_each(|note| post.skip(note));
        if is_html(file) {
            let source = std::mem::take(&mut post.body);
            if let Err(why) = clean::body(&mut post, &source) {
                return Read::Unreadable(why);
            }
        }
        Read::Post(Box::new(post), author)
    }

    /// A body without what only its generator understands, as far as that can be resolved.
    fn body(&self, source: &str) -> (String, Vec<String>) {
        let mut notes = Vec::new();
        let mut text = source.to_owned();
        if self.context.addresses.generator == Generator::Jekyll {
            let post = |name: &str| self.address_of(name);
            let site = liquid::Site {
                root: self.root.path(),
                base: &self.context.addresses.base,
                post: &post,
            };
            let (resolved, said) = liquid::resolved(&text, &site);
            text = resolved;
            notes.extend(said);
        }
        if let Some(vault) = &self.vault {
            let (resolved, said) = vault.resolved(&text);
            text = resolved;
            notes.extend(said);
        }
        let (text, said) = raw_media::linked(&text);
        notes.extend(said);
        (text, notes)
    }

    /// The old address of the post whose file has this name.
    fn address_of(&self, name: &str) -> Option<String> {
        let name = name.trim_matches(['"', '\'']).trim_start_matches('/');
        let stem = name.rsplit('/').next().unwrap_or(name);
        let stem =
            stem.strip_suffix(".md").or_else(|| stem.strip_suffix(".markdown")).unwrap_or(stem);
        let file = self.names.get(stem)?;
        let path = file.strip_prefix(self.root.path()).unwrap_or(file).display().to_string();
        let text = self.root.read_text(file, MAX_POST).ok()?;
        let mut split = front_matter::split(&text).ok()?;
        let is_page = self.pages.contains(file);
        let kind = if is_page { "pages" } else { "posts" };
        defaults::fill(&mut split.matter, &self.defaults, &path, kind);
        let (post, _) = post_of(&path, split.matter, "", is_page, &self.context);
        post.old_paths.first().map(|path| path.replace(' ', "%20"))
    }
}
