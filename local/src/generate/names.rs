//! The names of generated files and resources.

/// The domain of a module path, which is also its folder in `functions`: `posts` for
/// `byline_posts::posts_read`.
#[must_use]
pub fn domain(module: &str) -> &str {
    let package = module.split("::").next().unwrap_or(module);
    package.strip_prefix("byline_").unwrap_or(package)
}

/// Turns `posts-read` into `PostsRead`.
pub(super) fn pascal_case(name: &str) -> String {
    let capitalised = name.split('-').map(|word| {
        let (first, rest) = word.split_at(usize::from(!word.is_empty()));
        first.to_uppercase() + rest
    });
    capitalised.collect()
}

/// The resource that keeps the logs of a domain's functions.
pub(super) fn log_group_id(domain: &str) -> String {
    format!("{}LogGroup", pascal_case(domain))
}
