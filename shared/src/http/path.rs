//! Paths of operations: `/v1/posts/{slug}`.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What a path does not hold as it is (RFC 3986 §3.3): all but `pchar` and the slash.
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What no URI holds after its question mark as it is (RFC 3986 §3.4). An escape stays as it was sent.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// A query as a client sent it, as that of a URI.
#[must_use]
pub fn encode_query(sent: &str) -> String {
    utf8_percent_encode(sent, NOT_IN_QUERY).to_string()
}

/// A decoded path, as API Gateway hands it on, as the path of a URI. Whatever its escapes were, one path
/// is one text: `/%64ocs` is `/docs`, and an escaped slash is a slash.
#[must_use]
pub fn encode(decoded: &str) -> String {
    utf8_percent_encode(decoded, NOT_IN_PATH).to_string()
}

/// The path of a URI as [`encode`] writes it: decoded as API Gateway does it, and encoded again.
#[must_use]
pub fn normalise(path: &str) -> String {
    encode(&percent_decode_str(path).decode_utf8_lossy())
}

/// The path without doubled slashes and without one at the end, or `None` where it has neither.
#[must_use]
pub fn without_extra_slashes(path: &str) -> Option<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let plain = segments.fold(String::new(), |plain, segment| plain + "/" + segment);
    let plain = if plain.is_empty() { "/".to_owned() } else { plain };
    (plain != path).then_some(plain)
}

/// The values of `template`'s parameters in `path`, percent-decoded, or `None` where the path is
/// not of this template.
#[must_use]
pub fn capture<'t>(template: &'t str, path: &str) -> Option<Vec<(&'t str, String)>> {
    let mut values = Vec::new();
    let mut segments = path.split('/');
    for expected in template.split('/') {
        let segment = segments.next()?;
        match parameter(expected) {
            Some(_) if segment.is_empty() => return None,
            Some(name) => {
                values.push((name, percent_decode_str(segment).decode_utf8_lossy().into_owned()));
            }
            None if expected == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(values)
}

/// The value of the first parameter of `template` in `path`, percent-decoded; empty where the path is not of
/// this template.
#[must_use]
pub fn first_value(template: &str, path: &str) -> String {
    let captured = capture(template, path).unwrap_or_default();
    captured.into_iter().map(|(_, value)| value).next().unwrap_or_default()
}

/// The names of a template's parameters, in order.
pub fn parameters(template: &str) -> impl Iterator<Item = &str> {
    template.split('/').filter_map(parameter)
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_text_whatever_its_escapes() {
        for (sent, normal) in [
            ("/docs", "/docs"),
            ("/%64ocs", "/docs"),
            ("/v1/posts/a%20b", "/v1/posts/a%20b"),
            ("/v1/posts/%C3%A9", "/v1/posts/%C3%A9"),
            ("/v1/posts/a%2Fb", "/v1/posts/a/b"),
            ("/v1/posts/a%2520b", "/v1/posts/a%2520b"),
            ("/v1/posts/a%3Fb", "/v1/posts/a%3Fb"),
            ("/v1/posts/%ff", "/v1/posts/%EF%BF%BD"),
            ("/v1/posts/100%", "/v1/posts/100%25"),
            ("/a:b@c!$&'()*+,;=~", "/a:b@c!$&'()*+,;=~"),
        ] {
            assert_eq!(normalise(sent), normal, "{sent}");
            assert!(normal.parse::<http::Uri>().is_ok(), "{normal}");
        }
    }

    #[test]
    fn extra_slashes_are_found_and_a_host_is_never_made_of_them() {
        for (path, plain) in [
            ("//", "/"),
            ("/docs/", "/docs"),
            ("//evil.example//x/", "/evil.example/x"),
            ("/v1//posts", "/v1/posts"),
        ] {
            assert_eq!(without_extra_slashes(path).as_deref(), Some(plain));
        }
        assert_eq!(without_extra_slashes("/"), None);
        assert_eq!(without_extra_slashes("/v1/posts"), None);
    }

    #[test]
    fn captures_decoded_segments_of_the_whole_path_alone() {
        let template = "/v1/posts/{slug}/publish";
        let captured = capture(template, "/v1/posts/a%20b/publish");
        assert_eq!(captured, Some(vec![("slug", "a b".to_owned())]));
        assert_eq!(capture(template, "/v1/posts//publish"), None);
        assert_eq!(capture(template, "/v1/posts/a"), None);
        assert_eq!(capture(template, "/v1/posts/a/publish/b"), None);
        assert_eq!(parameters(template).collect::<Vec<_>>(), ["slug"]);
    }
}
