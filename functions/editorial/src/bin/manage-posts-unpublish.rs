//! The Lambda function `manage-posts-unpublish`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_posts_unpublish::OPERATION)
}
