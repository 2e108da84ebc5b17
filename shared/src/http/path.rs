//! Paths of operations: `/v1/posts/{slug}`.

use percent_encoding::percent_decode_str;

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
