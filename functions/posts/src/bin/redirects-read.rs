//! The Lambda function `redirects-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::redirects_read::OPERATION)
}
