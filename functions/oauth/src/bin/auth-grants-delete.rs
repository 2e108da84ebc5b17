//! The Lambda function `auth-grants-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_oauth::auth_grants_delete::OPERATION)
}
