//! A publication as files: a folder of Markdown, or one JSON file. The same publication gives the
//! same bytes each time: nothing here knows the time, and everything has its order.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{Author, MediaFile, Post, Redirect, Site, Status, Tag};

/// The version of the format, in `byline_export`.
pub const FORMAT: u32 = 1;

/// The folders that posts are in: those that are there, and those that were thrown away.
pub(crate) const FOLDERS: [&str; 2] = ["posts", "trash"];

/// What `site.json` holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) byline_export: u32,
    #[serde(flatten)]
    pub(crate) site: Site,
}

/// Which form an export has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Markdown files with front matter.
    Markdown,
    /// `byline.json`.
    Json,
}

/// All but the posts and the bytes of media files.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The site.
    pub site: Site,
    /// Its authors.
    pub authors: Vec<Author>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Its media files; their paths are below the export's folder.
    pub media: Vec<MediaFile>,
    /// Its redirects.
    pub redirects: Vec<Redirect>,
}

/// Writes an export beside its final place, so that an interrupted run leaves nothing that looks like
/// an export.
pub struct Writer {
    /// Where it shall be.
    place: PathBuf,
    /// Where it is written.
    folder: PathBuf,
    head: Head,
    names: HashSet<PathBuf>,
    json: Option<BufWriter<File>>,
    has_posts: bool,
}

impl Form {
    /// How a post's body and cover name a file whose path below the export's folder is `path`.
    #[must_use]
    pub fn reference(self, path: &str) -> String {
        match self {
            Self::Markdown => format!("../{path}"),
            Self::Json => path.to_owned(),
        }
    }
}

/// Characters that end a line in YAML 1.1 and not in YAML 1.2.
pub(crate) const OLD_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Front matter that every version of YAML reads alike: as JSON in one line, where its lines would not end at
/// the same places.
fn yaml(matter: &Map<String, Value>) -> io::Result<String> {
    let yaml = serde_yaml_ng::to_string(matter).map_err(io::Error::other)?;
    if !yaml.contains(OLD_BREAKS) {
        return Ok(yaml);
    }
    let mut json = serde_json::to_string(matter)?;
    for char in OLD_BREAKS {
        json = json.replace(char, &format!("\\u{:04x}", u32::from(char)));
    }
    Ok(json + "\n")
}

impl Writer {
    /// Begins an export in an empty or missing folder, and writes all but its posts.
    ///
    /// # Errors
    /// Where the folder has something in it, or cannot be written.
    pub fn new(folder: &Path, form: Form, mut head: Head) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        if std::fs::read_dir(folder)?.next().is_some() {
            return Err(io::Error::new(io::ErrorKind::DirectoryNotEmpty, "it is not empty"));
        }
        let place = folder.canonicalize()?;
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let folder = place.with_file_name(name);
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => std::fs::create_dir(&folder)?,
        }
        head.authors.sort_by(|a, b| a.source_id.cmp(&b.source_id));
        head.tags.sort_by(|a, b| a.slug.cmp(&b.slug));
        head.media.sort_by(|a, b| a.path.cmp(&b.path));
        head.redirects.sort();
        let mut writer =
            Self { place, folder, head, names: HashSet::new(), json: None, has_posts: false };
        match form {
            Form::Markdown => writer.begin_folder()?,
            Form::Json => writer.begin_json()?,
        }
        Ok(writer)
    }

    fn begin_folder(&self) -> io::Result<()> {
        let manifest = Manifest { byline_export: FORMAT, site: self.head.site.clone() };
        self.file("site.json", &pretty(&manifest)?)?;
        self.file("authors.json", &pretty(&self.head.authors)?)?;
        self.file("tags.json", &pretty(&self.head.tags)?)?;
        self.file("media.json", &pretty(&self.head.media)?)?;
        self.file("redirects.json", &pretty(&self.head.redirects)?)
    }

    fn begin_json(&mut self) -> io::Result<()> {
        let mut file = BufWriter::new(File::create_new(self.folder.join("byline.json"))?);
        writeln!(file, "{{\n\"byline_export\": {FORMAT},")?;
        write!(file, "\"site\": {}", text_of(&self.head.site)?)?;
        write!(file, ",\"authors\": {}", text_of(&self.head.authors)?)?;
        write!(file, ",\"tags\": {}", text_of(&self.head.tags)?)?;
        write!(file, ",\"media\": {}", text_of(&self.head.media)?)?;
        write!(file, ",\"redirects\": {}", text_of(&self.head.redirects)?)?;
        writeln!(file, ",\"posts\": [")?;
        self.json = Some(file);
        Ok(())
    }

    /// Adds a post. Posts are given in the same order each time: of two with one slug the second is
    /// in a file that has its id in its name.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn post(&mut self, post: &Post) -> io::Result<()> {
        let mut matter = matter(post, &self.head.tags);
        if let Some(file) = &mut self.json {
            matter.insert("body".into(), post.body.as_str().into());
            if std::mem::replace(&mut self.has_posts, true) {
                file.write_all(b",\n")?;
            }
            return serde_json::to_writer_pretty(file, &matter).map_err(io::Error::from);
        }
        let yaml = yaml(&matter)?;
        let text = format!("---\n{yaml}---\n\n{}", post.body);
        let [here, trash] = FOLDERS;
        let folder = if post.status == Status::Trashed { trash } else { here };
        let slug = post.slug.as_deref().unwrap_or(&post.source_id);
        let mut name = Path::new(folder).join(format!("{slug}.md"));
        if !self.names.insert(name.clone()) {
            name = Path::new(folder).join(format!("{slug}-{}.md", post.source_id));
            self.names.insert(name.clone());
        }
        self.file(name, text.as_bytes())
    }

    /// Adds a media file, whose path is one of the head's.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn media(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.file(path, bytes)
    }

    /// Ends the export.
    ///
    /// # Errors
    /// Where the last bytes cannot be written.
    pub fn finish(self) -> io::Result<()> {
        if let Some(mut file) = self.json {
            file.write_all(if self.has_posts { b"\n]\n}\n" } else { b"]\n}\n" })?;
            file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        }
        // Onto the empty folder that is there.
        std::fs::rename(self.folder, self.place)
    }

    fn file(&self, name: impl AsRef<Path>, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        File::create_new(path)?.write_all(bytes)
    }
}

fn pretty(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The front matter of a post. What is empty is left out.
fn matter(post: &Post, tags: &[Tag]) -> Map<String, Value> {
    let mut matter = Map::new();
    let mut put = |key: &str, value: Value| {
        let is_empty = match &value {
            Value::Null => true,
            Value::Array(values) => values.is_empty(),
            Value::Object(values) => values.is_empty(),
            _ => false,
        };
        if !is_empty {
            matter.insert(key.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
    put("id", post.source_id.as_str().into());
    put("title", post.title.as_str().into());
    put("slug", text(&post.slug));
    // As Hugo and others name it.
    put(
        "type",
        if post.post_type.is_post() { Value::Null } else { post.post_type.as_str().into() },
    );
    let (status, scheduled_at) = match post.status {
        Status::Draft => ("draft", None),
        Status::Published => ("published", None),
        Status::Scheduled(at) => ("scheduled", Some(at)),
        Status::Trashed => ("trashed", None),
    };
    put("status", status.into());
    if post.status != Status::Published {
        // What site generators know.
        put("draft", true.into());
    }
    put("author", text(&post.author));
    let known = |name: &str| tags.iter().find(|tag| tag.name == name).map(|tag| tag.slug.as_str());
    put(
        "tags",
        post.tags
            .iter()
            .map(|tag| {
                let made = byline_shared::model::Slug::from_text(&tag.name);
                let found =
                    known(&tag.name).or(made.as_ref().map(byline_shared::model::Slug::as_str));
                match found == Some(tag.slug.as_str()) {
                    true => tag.name.as_str().into(),
                    false => serde_json::json!({ "slug": tag.slug, "name": tag.name }),
                }
            })
            .collect(),
    );
    put("excerpt", text(&post.excerpt));
    let cover = post.cover.as_ref();
    put("cover", cover.map_or(Value::Null, |cover| cover.url.as_str().into()));
    put("cover_alt", cover.map_or(Value::Null, |cover| text(&cover.alt)));
    put("canonical_url", text(&post.canonical_url));
    put("meta_title", text(&post.meta_title));
    put("meta_description", text(&post.meta_description));
    put("language", text(&post.language));
    put("featured", if post.featured { true.into() } else { Value::Null });
    let time = |time: Option<byline_shared::model::Time>| {
        time.map_or(Value::Null, |time| time.to_string().into())
    };
    put("date", time(post.published_at));
    put("scheduled_at", time(scheduled_at));
    put("created_at", time(post.created_at));
    put("updated_at", time(post.updated_at));
    put("aliases", post.old_paths.iter().map(String::as_str).collect());
    put("metadata", Value::Object(post.metadata.clone()));
    matter
}

fn text_of(value: &impl Serialize) -> io::Result<String> {
    serde_json::to_string_pretty(value).map_err(io::Error::from)
}
