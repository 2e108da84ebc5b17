//! The Lambda function `post-markdown`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::post_markdown::OPERATION)
}
