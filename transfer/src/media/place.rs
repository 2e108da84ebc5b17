//! Where the file behind an address is: on this machine, or on the web.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;
use url::Url;

use crate::model::Places;

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A file on this machine.
    File(PathBuf),
    /// On the web.
    Web(Url),
}

/// Where `address` leads from a post in `folder`; `None` where it is no file's: a page of the same
/// site, a place in the text, an address of mail. A path that does not exist is looked for at the
/// site.
#[must_use]
pub fn place(address: &str, folder: Option<&Path>, places: &Places) -> Option<Place> {
    let address = address.trim();
    if address.is_empty() || address.starts_with('#') {
        return None;
    }
    // `//host/path` takes the scheme of the page it stands on.
    let absolute = address.strip_prefix("//").map(|rest| format!("https://{rest}"));
    if let Ok(url) = Url::parse(absolute.as_deref().unwrap_or(address)) {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let is_own = places.site_url.as_ref().is_some_and(|site| site.host() == url.host());
        let file = is_own.then(|| local(url.path(), None, places)).flatten();
        return Some(file.map_or(Place::Web(url), Place::File));
    }
    if let Some(file) = local(address, folder, places) {
        return Some(Place::File(file));
    }
    let url = places.site_url.as_ref()?.join(address).ok()?;
    Some(Place::Web(url))
}

/// A file below the source's root or the folder that a person named, and nowhere else: a post must
/// not name `/etc/passwd`, and no link in the source may lead there.
fn local(address: &str, folder: Option<&Path>, places: &Places) -> Option<PathBuf> {
    let allowed = [&places.root, &places.media_folder].into_iter().flatten();
    let allowed: Vec<PathBuf> = allowed.filter_map(|folder| folder.canonicalize().ok()).collect();
    let path = address.split(['?', '#']).next()?;
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let folders = folder.into_iter().filter(|_| !path.starts_with('/'));
    let folders = folders.chain(places.folders.iter().map(PathBuf::as_path));
    // As it stands first: a name may hold a percent sign.
    let names = [path, decoded.as_ref()];
    let mut candidates = folders.flat_map(|folder| {
        names.map(|name| {
            let relative: PathBuf = Path::new(name)
                .components()
                .filter(|part| !matches!(part, Component::RootDir | Component::Prefix(_)))
                .collect();
            folder.join(relative)
        })
    });
    candidates.find_map(|candidate| {
        let found = candidate.canonicalize().ok()?;
        let is_inside = allowed.iter().any(|folder| found.starts_with(folder));
        (is_inside && found.is_file()).then_some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_inside_the_source_alone() {
        let base = tempfile::tempdir().unwrap();
        let root = base.path().canonicalize().unwrap().join("blog");
        let posts = root.join("posts");
        std::fs::create_dir_all(root.join("static")).unwrap();
        std::fs::create_dir_all(&posts).unwrap();
        for file in ["static/a b.png", "posts/c.png", "../secret.png"] {
            std::fs::write(root.join(file), "x").unwrap();
        }
        let places = Places {
            root: Some(root.clone()),
            folders: vec![root.join("static"), root.join("assets")],
            media_folder: None,
            site_url: Some(Url::parse("https://a.example/blog/").unwrap()),
        };
        // A folder of files that is a link to elsewhere.
        std::fs::create_dir(base.path().join("outside")).unwrap();
        std::fs::write(base.path().join("outside/x.png"), "x").unwrap();
        std::os::unix::fs::symlink("../outside", root.join("assets")).unwrap();
        let at = |address: &str| place(address, Some(&posts), &places);
        let file = |name: &str| Some(Place::File(root.join(name)));
        let web = |url: &str| Some(Place::Web(Url::parse(url).unwrap()));
        assert_eq!(at("/a%20b.png?x=1"), file("static/a b.png"));
        assert_eq!(at("c.png"), file("posts/c.png"));
        assert_eq!(at("https://a.example/a%20b.png"), file("static/a b.png"));
        assert_eq!(at("../../secret.png"), web("https://a.example/secret.png"));
        assert_eq!(at("/../../secret.png"), web("https://a.example/secret.png"));
        assert_eq!(at("//cdn.example/x.png"), web("https://cdn.example/x.png"));
        assert_eq!(at("mailto:a@b.example"), None);
        assert_eq!(at("/x.png"), web("https://a.example/x.png"));
        let outside = base.path().join("outside").canonicalize().unwrap();
        let named = Places { media_folder: Some(outside.clone()), ..places.clone() };
        let found = place("/x.png", Some(&posts), &named);
        assert_eq!(found, Some(Place::File(outside.join("x.png"))));
        assert_eq!(at("data:image/png;base64,xx"), None);
        assert_eq!(at("#top"), None);
    }
}
