//! What the sanitiser removes from a text: each tag, attribute, kind of address and comment once, with a
//! count. It is what the author wrote that counts, not what rendering adds.

use std::collections::HashMap;

use comrak::Arena;
use comrak::nodes::{AstNode, NodeValue};
use html5ever::tokenizer::{Tag, TagKind, Token};
use url::{ParseError, Url};

use super::super::deadline::Deadline;
use super::super::players::is_player;
use super::super::references::OwnFiles;
use super::super::{render, sanitiser};
use super::excerpt::quoted;
use super::raw_html::{self, ALLOWED};
use crate::model::{Markdown, Warning, WarningCode};

/// How many kinds are listed. If there are more, one further entry says how many.
const MAX_WARNINGS: usize = 100;

/// What the sanitiser removes from a body, in the order of the text. Of a text that is too complex to be
/// rendered, nothing. The files of the publication are at `media_url`.
#[must_use]
pub fn removed(body: &Markdown, media_url: &str) -> Vec<Warning> {
    let arena = Arena::new();
    let options = render::markdown_options();
    let deadline = Deadline::of_rendering();
    let Ok(root) = render::parse(&arena, body.as_str(), &options, &deadline) else {
        return Vec::new();
    };
    let own = OwnFiles::new(media_url);
    let mut removed = Removed { own, kinds: Vec::new(), index: HashMap::new(), more: 0 };
    for node in root.descendants() {
        removed.examine(node);
    }
    removed.into_list()
}

/// What was found so far.
struct Removed {
    own: OwnFiles,
    kinds: Vec<Kind>,
    index: HashMap<(WarningCode, String), usize>,
    /// How many were found that are of no listed kind.
    more: usize,
}

struct Kind {
    code: WarningCode,
    what: String,
    message: String,
    line: usize,
    count: usize,
}

impl Removed {
    fn examine<'n>(&mut self, node: &'n AstNode<'n>) {
        let data = node.data();
        let line = data.sourcepos.start.line;
        match &data.value {
            NodeValue::HtmlInline(literal) => self.html(literal, line),
            NodeValue::HtmlBlock(block) => self.html(&block.literal, line),
            NodeValue::Link(target) | NodeValue::Image(target) => self.address(&target.url, line),
            NodeValue::CodeBlock(block) => {
                let language = block.info.split_whitespace().next().unwrap_or_default();
                if !language.is_empty() && !sanitiser::is_language(&format!("language-{language}"))
                {
                    self.attribute("code", "class", line);
                }
            }
            _ => {}
        }
    }

    /// A piece of raw HTML that begins in this line.
    fn html(&mut self, html: &str, first: usize) {
        for (line, token) in raw_html::tokens(html).unwrap_or_default() {
            let line = first + usize::try_from(line).unwrap_or(1).saturating_sub(1);
            match token {
                Token::CommentToken(_) => {
                    let message = "Comments in HTML are removed";
                    self.add(WarningCode::RemovedComment, "<!-- -->", line, || message.to_owned());
                }
                Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.tag(&tag, line),
                _ => {}
            }
        }
    }

    fn tag(&mut self, tag: &Tag, line: usize) {
        let name = &*tag.name;
        if !ALLOWED.keeps_tag(tag) {
            let name = shown(name);
            let rest = match ALLOWED.drops_content(&tag.name) {
                true => "removed with everything in it",
                false => "removed; the text in it stays",
            };
            self.add(WarningCode::RemovedTag, &format!("<{name}>"), line, || {
                format!("The tag <{name}> is {rest}")
            });
            return;
        }
        for attribute in &tag.attrs {
            let (attribute, value) = (&*attribute.name.local, &*attribute.value);
            let is_kept = ALLOWED.keeps(name, attribute);
            match attribute {
                "href" | "src" if is_kept && !is_player(name) => self.address(value, line),
                _ if is_kept && sanitiser::keeps_value(name, attribute, value, &self.own) => {}
                "src" if is_kept => self.foreign(name, value, line),
                _ => self.attribute(name, attribute, line),
            }
        }
    }

    /// A player's file that is none of the publication.
    fn foreign(&mut self, tag: &str, address: &str, line: usize) {
        self.add(WarningCode::RemovedAddress, &format!("<{tag} src>"), line, || {
            format!(
                "Readers play files of the media library only: <{tag}> loses the address {}",
                quoted(address)
            )
        });
    }

    fn attribute(&mut self, tag: &str, attribute: &str, line: usize) {
        let (tag, attribute) = (shown(tag), shown(attribute));
        self.add(WarningCode::RemovedAttribute, &format!("<{tag} {attribute}>"), line, || {
            format!("The attribute {attribute} of <{tag}> is removed")
        });
    }

    fn address(&mut self, address: &str, line: usize) {
        let (what, message) = match Url::parse(address) {
            Ok(url) if !ALLOWED.schemes.contains(url.scheme()) => {
                let scheme = shown(&format!("{}:", url.scheme()));
                let message = format!("Links and pictures lose addresses that begin with {scheme}");
                (scheme, message)
            }
            Ok(_) | Err(ParseError::RelativeUrlWithoutBase) => return,
            Err(_) => {
                let message = "Links and pictures lose addresses that cannot be read";
                (shown(address), message.to_owned())
            }
        };
        self.add(WarningCode::RemovedAddress, &what, line, || message);
    }

    fn add(
        &mut self,
        code: WarningCode,
        what: &str,
        line: usize,
        message: impl FnOnce() -> String,
    ) {
        let key = (code, what.to_owned());
        if let Some(at) = self.index.get(&key) {
            self.kinds[*at].count += 1;
        } else if self.kinds.len() < MAX_WARNINGS {
            self.index.insert(key, self.kinds.len());
            let (what, message) = (what.to_owned(), message());
            self.kinds.push(Kind { code, what, message, line, count: 1 });
        } else {
            self.more += 1;
        }
    }

    fn into_list(self) -> Vec<Warning> {
        let warning = |kind: Kind| Warning {
            message: match kind.count {
                1 => format!("{}.", kind.message),
                count => format!("{} ({count} times).", kind.message),
            },
            code: kind.code,
            what: kind.what,
            count: kind.count,
            line: Some(kind.line),
        };
        let more = (self.more > 0).then(|| Warning {
            code: WarningCode::More,
            what: String::new(),
            count: self.more,
            line: None,
            message: format!("{} further parts are removed that are not listed.", self.more),
        });
        self.kinds.into_iter().map(warning).chain(more).collect()
    }
}

/// A name as messages show it: short, with everything in it visible.
fn shown(name: &str) -> String {
    quoted(name).trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEDIA: &str = "https://media.example";

    fn told(body: &str) -> Vec<(String, usize)> {
        let removed = removed(&Markdown::trusted(body), MEDIA);
        removed.into_iter().map(|warning| (warning.what, warning.count)).collect()
    }

    #[test]
    fn each_kind_is_told_once_with_a_count() {
        let body = "<b onclick=a()>x</b> <i onclick=b()>y</i> <b onclick=c()>z</b>\n\n\
                    <iframe src=\"https://example.com\"></iframe>\n\n[a](javascript:a()) \
                    <a href=\"JAVASCRIPT:b()\">b</a> ![](data:image/png,x)\n\n<!-- one -->\n\n\
                    <script>\nlet a = '<b style=x>';\n</script>\n";
        let expected = [
            ("<b onclick>", 2),
            ("<i onclick>", 1),
            ("<iframe>", 1),
            ("javascript:", 2),
            ("data:", 1),
            ("<!-- -->", 1),
            ("<script>", 1),
        ];
        assert_eq!(told(body), expected.map(|(what, count)| (what.to_owned(), count)));
        let removed =
            removed(&Markdown::trusted("One.\n\n<b style='a'>x</b>\n<b style='b'>y</b>"), MEDIA);
        assert_eq!(removed[0].message, "The attribute style of <b> is removed (2 times).");
        assert_eq!(removed[0].line, Some(3));
    }

    #[test]
    fn what_rendering_adds_is_not_told() {
        let body = "- [x] done\n\nSee[^a] <https://example.com> and [b](/c \"d\").\n\n[^a]: There.\n\n\
                    | a |\n|:-:|\n| b |\n\n```rust\nlet a = 1;\n```\n\n<details><summary>More</summary>\n\n\
                    text\n\n</details>\n";
        assert_eq!(told(body), Vec::new());
    }

    #[test]
    fn what_players_lose_is_told() {
        let own = "<video controls preload=metadata width=640 src=https://media.example/media/01/a.mp4></video>\n\
                   <audio controls><source src='https://media.example/media/01/a.mp3' type=audio/mpeg></audio>\n";
        assert_eq!(told(own), Vec::new());
        let body = "<video autoplay loop src=https://evil.example/a.mp4 poster=x width=50%></video>\n\
                    <source src=https://evil.example/a> <audio preload=auto src=/a.mp3></audio>\n";
        let expected = [
            ("<video autoplay>", 1),
            ("<video loop>", 1),
            ("<video src>", 1),
            ("<video poster>", 1),
            ("<video width>", 1),
            ("<source src>", 1),
            ("<audio preload>", 1),
            ("<audio src>", 1),
        ];
        assert_eq!(told(body), expected.map(|(what, count)| (what.to_owned(), count)));
    }

    #[test]
    fn the_list_is_short() {
        let body: String = (0..500).map(|n| format!("<x{n}>\n")).collect();
        let removed = removed(&Markdown::trusted(body.as_str()), MEDIA);
        assert_eq!(removed.len(), MAX_WARNINGS + 1);
        let last = removed.last().unwrap();
        assert_eq!((last.code, last.count), (WarningCode::More, 500 - MAX_WARNINGS));
    }

    #[test]
    fn values_that_are_not_kept_are_told_by_their_attribute() {
        for (body, what) in [
            ("```a{b}\nx\n```\n", Some("<code class>")),
            ("```\nx\n```\n", None),
            ("```rust no_run\nx\n```\n", None),
            ("a <code class=\"evil\">b</code>", Some("<code class>")),
            ("a <code class=\"language-rust\">b</code>", None),
            ("a <b href=\"javascript:a()\">b</b>", Some("<b href>")),
            ("a <a href=\"/x\">b</a>", None),
        ] {
            let expected: Vec<_> = what.map(|what| (what.to_owned(), 1)).into_iter().collect();
            assert_eq!(told(body), expected, "{body}");
        }
    }
}
