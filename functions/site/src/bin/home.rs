//! The Lambda function `home`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_site::home::OPERATION)
}
