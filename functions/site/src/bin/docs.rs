//! The Lambda function `docs`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_site::docs::OPERATION)
}
