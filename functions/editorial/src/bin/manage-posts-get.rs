//! The Lambda function `manage-posts-get`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_get::OPERATION)
}
