//! Where a sign-in leads: a page of the Desk, and nothing else. A link to the page to sign in on can come from
//! anywhere, and must not lead people from there to another site.

use byline_shared::model::Role;

/// Where a sign-in leads that no page asked for: readers have nothing to write and nothing to decide.
pub(crate) fn home(role: Role) -> &'static str {
    if role >= Role::Author { "/desk" } else { "/desk/account" }
}

/// The longest target that is looked at, in bytes.
const MAX: usize = 2048;

/// The target in a query or form, if it is a path of the Desk.
pub(crate) fn checked(target: &str) -> Option<&str> {
    let path = target.split('?').next().unwrap_or_default();
    let rest = path.strip_prefix("/desk")?;
    let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\#".contains(&byte));
    // Browsers resolve these segments, also with escaped dots, before they ask.
    let is_dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    };
    let fits = target.len() <= MAX
        && is_plain
        && (rest.is_empty() || rest.starts_with('/'))
        && !path.contains("//")
        && !path.split('/').any(is_dots);
    // Signing in leads to no page that asks for a sign-in or ends it.
    let is_loop = ["/sign-in", "/sign-out"].contains(&rest.trim_end_matches('/'));
    (fits && !is_loop).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_desk_are_targets() {
        for own in [
            "/desk",
            "/desk/",
            "/desk?done=saved",
            "/desk/posts/post_01JD9ZN5V8Q2M4T6W8X0Y2Z4G8?view=text",
            "/desk/posts?search=%C3%A9%20a",
            "/desk/account/keys?x=https://a.example//b",
        ] {
            assert_eq!(checked(own), Some(own));
        }
        for foreign in [
            "",
            "/",
            "//evil.example",
            "///evil.example/desk",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/desk",
            "https:/desk",
            "javascript:alert(1)//desk",
            "desk",
            "@evil.example/desk",
            "/deskx",
            "/desk.evil.example",
            "/desk@evil.example",
            "/desk:80@evil.example",
            "/desk//evil.example",
            "/desk/..//evil.example",
            "/desk/../oauth/authorize",
            "/desk/%2e%2E/oauth/authorize",
            "/desk/.%2e/v1",
            "/desk/\\evil.example",
            "/desk\r\nLocation: https://evil.example",
            "/desk/a b",
            "/desk/é",
            "/desk#x",
            "/desk/sign-in?next=/desk",
            "/desk/sign-in/",
            "/desk/sign-out",
            " /desk",
            "/DESK",
        ] {
            assert_eq!(checked(foreign), None, "{foreign:?}");
        }
        assert_eq!(checked(&format!("/desk?{}", "a".repeat(3000))), None);
    }
}
