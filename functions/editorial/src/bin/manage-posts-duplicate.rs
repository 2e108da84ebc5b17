//! The Lambda function `manage-posts-duplicate`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_duplicate::OPERATION)
}
