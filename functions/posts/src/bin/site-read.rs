//! The Lambda function `site-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::site_read::OPERATION)
}
