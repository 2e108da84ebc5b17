//! The Lambda function `manage-posts-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_posts_get::OPERATION)
}
