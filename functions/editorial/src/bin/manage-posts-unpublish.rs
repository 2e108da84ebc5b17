//! The Lambda function `manage-posts-unpublish`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_unpublish::OPERATION)
}
