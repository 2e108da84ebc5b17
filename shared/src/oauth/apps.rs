//! Apps that return to themselves by a URI scheme of their own, such as `cursor://`.
//!
//! RFC 8252 §8.4 wants such a scheme to be a reversed domain name. The agents that people use do not
//! keep to it (docs/decisions/0019-private-schemes.md), so the callbacks that they publish are listed
//! here, and a deployment can list more. Only callbacks are accepted, not schemes: a deep link of the
//! same app can install something or run a prompt.

use url::Url;

/// Editors that hand `scheme://publisher.extension/path` to the extension: VS Code and its descendants.
const EDITORS: [(&str, &str); 7] = [
    ("cursor", "Cursor"),
    ("kiro", "Kiro"),
    ("vscode", "Visual Studio Code"),
    ("vscode-insiders", "Visual Studio Code Insiders"),
    ("vscodium", "VSCodium"),
    ("windsurf", "Windsurf"),
    ("windsurf-next", "Windsurf Next"),
];

/// Callbacks of other apps.
const CALLBACKS: [(&str, &str); 4] = [
    ("grokbot://mcp/oauth/callback", "Grok"),
    ("warp://mcp/oauth2callback", "Warp"),
    ("warppreview://mcp/oauth2callback", "Warp Preview"),
    ("zed://mcp/oauth/callback", "Zed"),
];

/// The callback of Raycast, which names the MCP server or extension that asks.
const RAYCAST: &str = "raycast://oauth?package_name=";

/// The longest name after [`RAYCAST`], in bytes.
const MAX_PACKAGE: usize = 200;

/// The name of the app that a redirect URI opens, if the URI is the callback of a known one.
pub(super) fn name(uri: &str) -> Option<&'static str> {
    let of_callback = CALLBACKS.iter().find(|(callback, _)| *callback == uri);
    if let Some((_, name)) = of_callback {
        return Some(name);
    }
    if let Some(package) = uri.strip_prefix(RAYCAST) {
        let is_package = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.()%+".contains(&byte);
        let fits = (1..=MAX_PACKAGE).contains(&package.len()) && package.bytes().all(is_package);
        return fits.then_some("Raycast");
    }
    let url = Url::parse(uri).ok()?;
    let (_, name) = EDITORS.iter().find(|(scheme, _)| *scheme == url.scheme())?;
    is_extension_callback(&url).then_some(name)
}

/// Extensions that come with VS Code, of which only this one signs in.
const BUILT_IN: (&str, &str) = ("vscode", "mcp");

/// Segments of links that do something else than return from a sign-in.
const ACTIONS: [&str; 5] = ["clone", "install", "open", "prompt", "run"];

/// Whether it leads to the callback of an extension: a host with the names of publisher and extension,
/// a path with a segment that says so, and no query. The links that install a server or open a file
/// mostly have no such segment; where an app takes any path behind them, they are told by their host or
/// by the segment of what they do.
fn is_extension_callback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(plain);
    let Some((publisher, extension)) = host.split_once('.') else { return false };
    let (publisher, extension) = (publisher.to_lowercase(), extension.to_lowercase());
    let is_extension = is_name(&publisher)
        && is_name(&extension)
        && !publisher.starts_with("file")
        && !extension.ends_with("deeplink")
        && (publisher != BUILT_IN.0 || extension == BUILT_IN.1);
    let says_callback = |segment: &str| segment == "callback" || segment.ends_with("-callback");
    let path = url.path().to_lowercase();
    let mut segments = path.split('/');
    // An app may read an escaped segment as one of these.
    let acts = path.contains('%') || segments.clone().any(|segment| ACTIONS.contains(&segment));
    is_extension
        && !acts
        && url.port().is_none()
        && url.query().is_none()
        && segments.any(says_callback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_callbacks_are_known_and_deep_links_are_not() {
        for (uri, expected) in [
            ("cursor://anysphere.cursor-mcp/oauth/callback", "Cursor"),
            ("vscode://vscode.mcp/oauth/callback", "Visual Studio Code"),
            ("vscode-insiders://vscode.mcp/oauth/callback", "Visual Studio Code Insiders"),
            ("vscode://saoudrizwan.claude-dev/mcp-auth/callback/3f2a", "Visual Studio Code"),
            ("windsurf://codeium.windsurf/callback", "Windsurf"),
            ("kiro://a.b/mcp-auth-callback", "Kiro"),
            ("warp://mcp/oauth2callback", "Warp"),
            ("zed://mcp/oauth/callback", "Zed"),
            ("raycast://oauth?package_name=mcp_server_byline_(dev)", "Raycast"),
        ] {
            assert_eq!(name(uri), Some(expected), "{uri}");
        }
        for uri in [
            "cursor://anysphere.cursor-deeplink/mcp/install?name=x&config=eyJ9",
            "cursor://anysphere.cursor-deeplink/prompt?text=callback",
            "cursor://anysphere.cursor-mcp/oauth/callback?next=x",
            "cursor://anysphere.cursor-mcp:1/oauth/callback",
            "cursor://anysphere.cursor-mcp/oauth/other",
            "cursor://anysphere.cursor-mcp",
            "cursor://anysphere.cursor-deeplink/mcp/install/callback",
            "cursor://anysphere.cursor-deeplink/prompt/callback",
            "Cursor://Anysphere.Cursor-DeepLink/callback",
            "cursor://anysphere.cursor-mcp/install/callback",
            "vscode://vscode.git/clone/callback",
            "cursor://anysphere.cursor-mcp/%69nstall/callback",
            "vscode://vscode.git/callback",
            "vscode://file.txt/c:/windows/callback",
            "vscode://file/etc/callback",
            "vscode://vscode-remote/ssh-remote+host/callback",
            "vscode:callback",
            "vscode://a.b.c/callback",
            "warp://action/new_tab?path=/",
            "warp://mcp/oauth2callback/x",
            "raycast://oauth?package_name=",
            "raycast://oauth?package_name=a&x=b",
            "raycast://extensions/a/b",
            "zed://ssh/host/callback",
            "unknown://a.b/callback",
            "https://a.example/callback",
        ] {
            assert_eq!(name(uri), None, "{uri}");
        }
    }
}
