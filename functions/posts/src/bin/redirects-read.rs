//! The Lambda function `redirects-read`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::redirects_read::OPERATION)
}
