//! Drills in virtual time: eight hours of a busy city, and a year of it. The figures are taken by the example
//! `city` of `fengsui-drill`, which runs the real service on a store in memory.

use crate::failure::Failure;
use crate::process::{cargo, read, run as run_command};

/// Events of the eight hours: one every twelve minutes.
const BUSY_EVENTS: &str = "40";
/// Events of the year, of which 82 in a hundred are incidents: somewhat more than 10,000 of these.
const YEAR_EVENTS: &str = "12300";
/// Hours of a year of 365 days.
const YEAR_HOURS: &str = "8760";
/// What the issue asks of the eight hours, and of the year, in seconds.
const AIMS: [f64; 2] = [1.0, 60.0];

const BUILD: [&str; 7] =
    ["build", "--locked", "--release", "--package", "fengsui-drill", "--example", "city"];

/// Prints the figures.
pub(crate) fn run(options: &[String]) -> Result<(), Failure> {
    if !options.is_empty() {
        return Err(Failure::Usage(format!("`drill` takes no options, not `{}`", options.join(" "))));
    }
    run_command(&mut cargo(BUILD))?;
    let busy = measure(BUSY_EVENTS, "8")?;
    let year = measure(YEAR_EVENTS, YEAR_HOURS)?;
    for (name, lines, aim) in [("8 hours", &busy, AIMS[0]), ("a year", &year, AIMS[1])] {
        let last = lines.last().map_or("", String::as_str);
        let seconds = figure(last, "seconds")?;
        println!(
            "{name:<8} {} bodies, {} people, {} incidents, {} acts, {} refused: {seconds:.2} s, {:.2} of the aim of {aim:.0} s",
            figure(last, "bodies")?,
            figure(last, "people")?,
            figure(last, "incidents")?,
            figure(last, "acts")?,
            figure(last, "refused")?,
            seconds / aim,
        );
    }
    for line in &year {
        let (quarter, now, peak) =
            (figure(line, "quarter")?, figure(line, "rss_kib")?, figure(line, "peak_rss_kib")?);
        println!(
            "         memory after {quarter}/4 of the year: {:.0} MiB, at its peak {:.0} MiB",
            now / 1024.0,
            peak / 1024.0,
        );
    }
    Ok(())
}

fn measure(events: &str, hours: &str) -> Result<Vec<String>, Failure> {
    let example =
        ["run", "--locked", "--release", "--quiet", "--package", "fengsui-drill", "--example", "city", "--"];
    let text = read(&mut cargo(example.into_iter().chain([events, hours])))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// A number in a line of JSON that the example wrote.
fn figure(line: &str, name: &str) -> Result<f64, Failure> {
    let key = format!("\"{name}\":");
    let value = line.split_once(&key).map(|(_, rest)| rest.split([',', '}']).next().unwrap_or_default());
    let number = value.and_then(|value| value.parse().ok());
    number.ok_or_else(|| Failure::Failed(format!("`{line}` does not say `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_name() {
        let line = "{\"quarter\":1,\"seconds\":0.250,\"refused\":0}";
        assert_eq!(figure(line, "seconds").ok(), Some(0.25));
        assert_eq!(figure(line, "refused").ok(), Some(0.0));
        assert!(figure(line, "people").is_err());
    }
}
