//! The Lambda function `auth-grants-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::auth_grants_delete::OPERATION)
}
