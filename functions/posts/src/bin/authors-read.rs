//! The Lambda function `authors-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::authors_read::OPERATION)
}
