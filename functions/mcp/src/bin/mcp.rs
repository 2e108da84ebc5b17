//! The Lambda function `mcp`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_mcp::mcp::OPERATION)
}
