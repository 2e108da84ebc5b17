//! The Lambda function `manage-posts-schedule`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_editorial::manage_posts_schedule::OPERATION)
}
