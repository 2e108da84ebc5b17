//! Which media type a client prefers: the header `Accept` (RFC 9110 §12.5.1).

use http::HeaderMap;
use http::header::ACCEPT;

/// The header `Accept` of a request.
#[derive(Clone, Debug, Default)]
pub struct Accept(Option<String>);

/// How well a media type fits: first the weight in thousandths, then how exactly it was named.
type Fit = (u16, Exactness);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    /// By no range.
    #[default]
    Unnamed,
    /// By `*/*`.
    Any,
    /// By its type, such as `text/*`.
    Type,
    /// By its name.
    Name,
    /// By its name and a parameter.
    Parameter,
}

impl Accept {
    /// The header as it was sent. Several lines are one list (RFC 9110 §5.3).
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let lines: Vec<&str> = lines.collect();
        Self((!lines.is_empty()).then(|| lines.join(",")))
    }

    /// Whether the client prefers `wanted` to `default`: it has a greater weight, or the same one and is named
    /// more exactly, as in `text/markdown, */*`. Both in lower case, without parameters; the documents are UTF-8.
    #[must_use]
    pub fn prefers(&self, wanted: &str, default: &str) -> bool {
        let Some(ranges) = &self.0 else { return false };
        let wanted = fit(ranges, wanted);
        wanted.0 > 0 && wanted > fit(ranges, default)
    }
}

/// How well the most exact range that matches a media type accepts it.
fn fit(ranges: &str, media_type: &str) -> Fit {
    let matching = split(ranges, ',').filter_map(|range| matches(range, media_type));
    matching.max_by_key(|(weight, exactness)| (*exactness, *weight)).unwrap_or_default()
}

/// The weight of a range for a media type, if it matches. A range that cannot be read matches nothing.
fn matches(range: &str, media_type: &str) -> Option<Fit> {
    let mut parts = split(range, ';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let mut exactness = match name.split_once('/')? {
        ("*", "*") => Exactness::Any,
        (kind, "*") if media_type.split_once('/').is_some_and(|(own, _)| own == kind) => {
            Exactness::Type
        }
        _ if name == media_type => Exactness::Name,
        _ => return None,
    };
    let mut weight = 1000;
    for parameter in parts.filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim_matches('"');
        if name.eq_ignore_ascii_case("q") {
            weight = thousandths(value)?;
        } else if name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8") {
            exactness = exactness.max(Exactness::Parameter);
        } else {
            return None;
        }
    }
    Some((weight, exactness))
}

/// A weight: 0 to 1 with three decimals at most (RFC 9110 §12.4.2).
fn thousandths(value: &str) -> Option<u16> {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let is_number = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let decimals: u16 = format!("{decimals:0<3}").parse().ok().filter(|_| is_number)?;
    match (whole, decimals) {
        ("0", decimals) => Some(decimals),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// The parts of a list, which are not split within quotation marks.
fn split(list: &str, at: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    list.split(move |char| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match char {
            '"' if !was_escaped => is_quoted = !is_quoted,
            '\\' if is_quoted && !was_escaped => is_escaped = true,
            _ => return char == at && !is_quoted,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn prefers_markdown(lines: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT, HeaderValue::from_str(line).unwrap());
        }
        Accept::of(&headers).prefers("text/markdown", "application/json")
    }

    #[test]
    fn markdown_is_preferred_where_it_weighs_more_or_is_named_more_exactly() {
        for accept in [
            "text/markdown",
            "TEXT/Markdown",
            "text/*",
            "text/markdown, */*",
            "text/markdown, text/html, */*",
            "text/markdown;q=0.9, application/json;q=0.8",
            "text/markdown;q=0.002,application/json;q=0.001",
            "application/json;q=0, */*;q=0.1",
            "application/json;q=0.5, */*",
            "text/markdown; charset=UTF-8",
            "text/markdown;charset=\"utf-8\";q=1.000",
            "text/markdown;q=0.1, text/markdown;charset=utf-8, application/json;q=0.5",
            "a/b;c=\",application/json,\", text/markdown",
            "a/b;c=\"\\\",application/json\", text/markdown",
            "text/markdown, application/json;version=1",
        ] {
            assert!(prefers_markdown(&[accept]), "{accept}");
        }
        assert!(prefers_markdown(&["application/json;q=0.5", "text/markdown"]));
    }

    #[test]
    fn json_is_the_answer_to_everything_else() {
        for accept in [
            "",
            "*/*",
            "application/json",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json, text/plain, */*",
            "application/json, text/markdown",
            "text/markdown, application/json",
            "text/markdown;q=0.8, application/json;q=0.8",
            "text/markdown;q=0.5, */*",
            "text/markdown;q=0",
            "text/markdown;q=0, */*;q=0.1",
            "text/*;q=0.1, text/markdown;q=0",
            "text/markdown;q=0.000, text/*",
            "text/markdown;q=2",
            "text/markdown;q=0.1234",
            "text/markdown;q=-1",
            "text/markdown;q=",
            "text/markdown;q",
            "text/markdown;q=1.001",
            "text/markdown;variant=GFM",
            "text/markdown;charset=iso-8859-1",
            "text/markdownx",
            "text",
            "markdown/*",
            ",,;;,",
        ] {
            assert!(!prefers_markdown(&[accept]), "{accept}");
        }
        assert!(!prefers_markdown(&[]));
    }
}
