//! The Lambda function `auth-grants-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(oauth::auth_grants_list::OPERATION)
}
