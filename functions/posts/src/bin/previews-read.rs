//! The Lambda function `previews-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::previews_read::OPERATION)
}
