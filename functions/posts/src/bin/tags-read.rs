//! The Lambda function `tags-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::tags_read::OPERATION)
}
