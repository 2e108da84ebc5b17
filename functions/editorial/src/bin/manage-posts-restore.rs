//! The Lambda function `manage-posts-restore`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_restore::OPERATION)
}
