//! The Lambda function `manage-posts-publish`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_publish::OPERATION)
}
