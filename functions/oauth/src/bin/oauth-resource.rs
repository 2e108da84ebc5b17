//! The Lambda function `oauth-resource`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::oauth_resource::OPERATION)
}
