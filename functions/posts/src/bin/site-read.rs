//! The Lambda function `site-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::site_read::OPERATION)
}
