//! The Lambda function `manage-posts-review`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_posts_review::OPERATION)
}
