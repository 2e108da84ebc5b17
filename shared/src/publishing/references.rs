//! What a text refers to: the hosts of its links and images, and the files of this publication.
//!
//! Hosts are read from the sanitised HTML, which is what readers get. Files are looked for in every
//! spelling that could lead a reader to them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use ulid::ULID_LEN;
use url::Url;

use crate::http::problem::Problem;
use crate::model::{MediaId, PostFields};
use crate::permission::Objects;

/// How many files of this publication a text may name, with its cover. Each review looks all of them up.
pub(super) const MAX_FILES: usize = 1000;

/// Refuses a text that names more files than it may.
///
/// # Errors
/// 422 on the field with this name.
pub(super) fn check_count(files: usize, field: &str) -> Result<(), Problem> {
    if files <= MAX_FILES {
        return Ok(());
    }
    let message = format!(
        "The text names {files} files of this publication; a post may name {MAX_FILES}. Split it \
         into several posts."
    );
    Err(Problem::invalid_field(field, "too_many_files", message))
}

/// What a text refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct References {
    /// The hosts that links lead to.
    pub(super) links: BTreeSet<String>,
    /// The hosts that images, sounds and videos come from.
    pub(super) images: BTreeSet<String>,
    /// The hosts of pages that are shown in a frame.
    pub(super) frames: BTreeSet<String>,
    /// The files of this publication, and ids that other publications may have as well.
    pub(super) files: BTreeSet<MediaId>,
    /// Those of them whose address is one of this publication.
    pub(super) own: BTreeSet<MediaId>,
}

/// What a text with these fields, this Markdown and this HTML refers to. The files of this publication are at
/// `media_url`.
pub(super) fn of(fields: &PostFields, markdown: &str, html: &str, media_url: &str) -> References {
    let sink =
        Addresses { found: RefCell::new(References::default()), own: OwnFiles::new(media_url) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let Addresses { found, own } = tokenizer.sink;
    let mut found = found.into_inner();
    if let Some(url) = &fields.canonical_url {
        found.links.extend(web(url.as_str()).as_ref().and_then(host));
    }
    // Agents read the Markdown, and a site may show any field.
    found.files.append(&mut files_named(fields, markdown));
    own.add_named(markdown, &mut found.own);
    let fields = serde_json::to_value(fields).unwrap_or_default();
    for_each_text(&fields, &mut |text| {
        own.add_named(text, &mut found.own);
        own.add_at(text, &mut found.own);
    });
    found
}

/// The files that these fields and this Markdown name as they stand, without the spellings that only
/// rendering shows.
pub(super) fn files_named(fields: &PostFields, markdown: &str) -> BTreeSet<MediaId> {
    let mut files: BTreeSet<MediaId> = ids_in(markdown).collect();
    let fields = serde_json::to_value(fields).unwrap_or_default();
    for_each_text(&fields, &mut |text| {
        files.extend(ids_in(text));
        files_at(text, &mut files);
    });
    files
}

fn for_each_text(value: &Value, then: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => then(text),
        Value::Array(values) => values.iter().for_each(|value| for_each_text(value, then)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            then(name);
            for_each_text(value, then);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The addresses of this publication's files.
pub(super) struct OwnFiles {
    /// How they begin: up to the id.
    prefix: String,
    host: Option<String>,
    /// Where they are.
    url: Option<Url>,
}

impl OwnFiles {
    pub(super) fn new(media_url: &str) -> Self {
        let host = web(media_url).as_ref().and_then(host);
        let prefix = format!("{media_url}/{}", Objects::Media.prefix());
        Self { prefix, host, url: Url::parse(media_url).ok() }
    }

    /// Whether a whole address, as a browser reads it, leads to where the files of this publication are: the only
    /// place that a text may make a browser ask for a sound or a video.
    pub(super) fn holds(&self, address: &str) -> bool {
        let (Some(own), Ok(address)) = (&self.url, Url::parse(address)) else { return false };
        let folder = own.path().trim_end_matches('/');
        let file = address.path().strip_prefix(folder);
        address.origin() == own.origin() && file.is_some_and(|file| file.starts_with('/'))
    }

    /// Adds the file that an address leads to, if it is one of this publication, or of the page's own site.
    pub(super) fn add_at(&self, address: &str, found: &mut BTreeSet<MediaId>) {
        let Some(url) = web(address) else { return };
        if host(&url).is_some_and(|host| Some(host) != self.host) {
            return;
        }
        let path = percent_decode_str(url.path()).decode_utf8_lossy();
        let folder = Objects::Media.prefix().trim_end_matches('/');
        let mut segments = path.split('/').skip_while(|segment| *segment != folder).skip(1);
        found.extend(segments.find_map(|id| format!("media_{id}").parse::<MediaId>().ok()));
    }

    /// Adds the files whose addresses stand in a text as they usually are.
    fn add_named(&self, text: &str, found: &mut BTreeSet<MediaId>) {
        let ids = text.split(self.prefix.as_str()).skip(1).filter_map(|rest| rest.get(..ULID_LEN));
        found.extend(ids.filter_map(|id| format!("media_{id}").parse::<MediaId>().ok()));
    }
}

/// Collects addresses from the tags of HTML.
struct Addresses {
    found: RefCell<References>,
    own: OwnFiles,
}

impl TokenSink for Addresses {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        let mut found = self.found.borrow_mut();
        for attribute in &tag.attrs {
            let value: &str = &attribute.value;
            let host = web(value).as_ref().and_then(host);
            match &*attribute.name.local {
                "href" => found.links.extend(host),
                "src" if &*tag.name == "iframe" => found.frames.extend(host),
                "src" => found.images.extend(host),
                _ => continue,
            }
            files_at(value, &mut found.files);
            self.own.add_at(value, &mut found.own);
        }
        TokenSinkResult::Continue
    }
}

/// The host that stands for the page's own.
const OWN: &str = "page.invalid";

/// An address as a browser reads it on a page: without line breaks, with `\` as `/`, without `.` and
/// `..`. None for what is not on the web.
fn web(address: &str) -> Option<Url> {
    static PAGE: LazyLock<Url> = LazyLock::new(|| {
        Url::parse(&format!("https://{OWN}/")).expect("the constant is an address")
    });
    PAGE.join(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// The host of an address, unless it is the page's own.
fn host(url: &Url) -> Option<String> {
    url.host_str().filter(|host| *host != OWN).map(str::to_owned)
}

/// Adds the file that an address could lead to: the bucket's keys have the id as a segment, and its
/// server decodes what it is asked for once.
fn files_at(address: &str, found: &mut BTreeSet<MediaId>) {
    let Some(url) = web(address) else { return };
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    found.extend(path.split('/').filter_map(|id| format!("media_{id}").parse::<MediaId>().ok()));
}

/// The files that a text names by their id, or by the usual spelling of their address, as often as it
/// names them.
pub(super) fn ids_in(text: &str) -> impl Iterator<Item = MediaId> {
    text.split("media").skip(1).filter_map(|rest| {
        let ulid = rest.strip_prefix(['_', '/'])?.get(..ULID_LEN)?;
        format!("media_{ulid}").parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::render;

    const ULID: &str = "01JD9ZP7V8Q2M4T6W8X0Y2Z4J2";

    const MEDIA: &str = "https://media.example";

    fn of_body(markdown: &str) -> References {
        let html = render::to_html(markdown).unwrap();
        of(&crate::examples::fields(), markdown, &html, MEDIA)
    }

    #[test]
    fn hosts_are_those_that_a_browser_would_ask() {
        let found = of_body(
            "[a](https://One.example/x) <a href=\"//two.example\">b</a> [c](/own) [d](#e) \
             [f](mailto:a@three.example) ![g](http://Bücher.example/h.png) `https://code.example`\n\n\
             <https://user@four.example:8443/>\n",
        );
        let links: Vec<&str> = found.links.iter().map(String::as_str).collect();
        assert_eq!(links, ["four.example", "one.example", "two.example"]);
        let images: Vec<&str> = found.images.iter().map(String::as_str).collect();
        assert_eq!(images, ["xn--bcher-kva.example"]);
    }

    #[test]
    fn a_file_is_found_in_every_spelling_of_its_address() {
        for spelling in [
            format!("![a](https://media.example/media/{ULID}/a.png)"),
            format!("![a](https://media.example/%6dedia/{ULID}/a.png)"),
            format!("![a](https://media.example/media%2F{ULID}/a.png)"),
            format!("![a](https://media.example/media/%30{}/a.png)", &ULID[1..]),
            format!("![a](https://media.example/media&#47;{ULID}/a.png)"),
            format!("![a](https://media.example/media\\/{ULID}/a.png)"),
            format!("<img src='https://media.example/&#x6d;edia/{ULID}/a.png'>"),
            format!("![a][b]\n\n[b]: https://media.example/media/{ULID}/a.png"),
            format!("<img src='https://media.example/media\\{ULID}\\a.png'>"),
            format!("<img src='https://media.example/media/./x/../{ULID}/a.png'>"),
            format!("<img src='https://media.example/media/%2e/{ULID}/a.png'>"),
            format!("<img src='https://media.example/media/01JD9\n{}/a.png'>", &ULID[5..]),
            format!("<!-- media_{ULID} -->"),
        ] {
            let files = of_body(&spelling).files;
            let files: Vec<&str> = files.iter().map(MediaId::as_str).collect();
            assert_eq!(files, [format!("media_{ULID}")], "{spelling}");
        }
    }

    #[test]
    fn a_file_of_this_publication_is_one_at_its_own_address() {
        for (markdown, is_own) in [
            (format!("![a]({MEDIA}/media/{ULID}/a.png)"), true),
            (format!("![a](HTTPS://Media.Example:443/%6dedia%2F{ULID}/a.png)"), true),
            (format!("<img src='//media.example/media\\{ULID}\\a.png'>"), true),
            (format!("![a](/local/media/{ULID}/a.png)"), true),
            (format!("`{MEDIA}/media/{ULID}/a.png`"), true),
            (format!("<!-- {MEDIA}/media/{ULID} -->"), true),
            (format!("![a](https://other.example/media/{ULID}/a.png)"), false),
            (format!("[a](https://other.example/runs/{ULID})"), false),
            (format!("[a](/posts/{ULID})"), false),
            (format!("The id media_{ULID}."), false),
        ] {
            assert_eq!(!of_body(&markdown).own.is_empty(), is_own, "{markdown}");
        }
    }

    #[test]
    fn files_are_found_in_every_field() {
        use crate::model::{Excerpt, Metadata, WebUrl};
        let of = |change: &dyn Fn(&mut PostFields)| {
            let mut fields = crate::examples::fields();
            change(&mut fields);
            files_named(&fields, "").len()
        };
        let data = |key: &str, value: Value| {
            Metadata::trusted([(key.to_owned(), value)].into_iter().collect())
        };
        let named = format!("media_{ULID}");
        assert_eq!(of(&|_| {}), 0);
        assert_eq!(of(&|it| it.excerpt = Excerpt::trusted(named.as_str())), 1);
        assert_eq!(of(&|it| it.metadata = data(&named, Value::Null)), 1);
        assert_eq!(of(&|it| it.metadata = data("a", serde_json::json!([{ "b": named }]))), 1);
        let address = format!("https://other.example/{ULID}/a.png");
        let address = WebUrl::trusted(address.as_str());
        assert_eq!(of(&|it| it.canonical_url = Some(address.clone())), 1);
    }
}
