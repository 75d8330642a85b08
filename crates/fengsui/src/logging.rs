//! Logs to stderr, for people or machines. Levels by `FENGSUI_LOG`, such as `info,fengsui_store=debug`.

use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command, LogFormat};

pub(crate) fn start(cli: &Cli) {
    let quiet = if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("FENGSUI_LOG").unwrap_or_else(|_| EnvFilter::new(quiet));
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    match cli.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}
