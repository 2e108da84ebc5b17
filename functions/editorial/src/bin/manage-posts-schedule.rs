//! The Lambda function `manage-posts-schedule`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(editorial::manage_posts_schedule::OPERATION)
}
