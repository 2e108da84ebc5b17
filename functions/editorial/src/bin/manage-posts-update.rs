//! The Lambda function `manage-posts-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_update::OPERATION)
}
