//! The Lambda function `llms-txt`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::llms_txt::OPERATION)
}
