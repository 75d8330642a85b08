//! `fengsui match`: offline search of logs for indicators, without a node.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use fengsui_matcher::index::{Index, IndexBuilder};
use fengsui_matcher::list::{ListOptions, read_list};
use fengsui_matcher::record::Format as LogFormat;
use fengsui_matcher::scan::{LineReject, scan};
use fengsui_matcher::search::Hit;
use serde::Serialize;

use crate::cli::{Format, Match};
use crate::exit::{Failure, Outcome, answer, sentence};

/// Rejects that are printed for one file; the rest are counted.
const MAX_SHOWN: u64 = 10;
/// Bytes read from a log at once.
const BUFFER_BYTES: usize = 1 << 20;

/// One hit on stdout. The first seven keys are the public contract.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    line: u64,
    field: &'a str,
    value: &'a str,
    indicator: &'a str,
    kind: &'a str,
    source: &'a str,
    weak: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

pub(crate) fn run(arguments: &Match) -> Outcome {
    let index = index(arguments)?;
    let standard_input = vec!["-".into()];
    let logs = if arguments.logs.is_empty() { &standard_input } else { &arguments.logs };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut lines_hit, mut rejected, mut weak) = (0, 0, 0);
    for path in logs {
        let name = path.display().to_string();
        let mut shown = 0;
        let mut broken = None;
        let summary = scan(
            open(path)?,
            format(arguments.format),
            &index,
            &mut |hit| match write_hit(&mut out, arguments, &name, hit) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    broken = Some(error);
                    ControlFlow::Break(())
                }
            },
            &mut |reject| {
                report(&name, reject, &mut shown);
                ControlFlow::Continue(())
            },
        )
        .map_err(|error| Failure::usage(format!("{name}: {}", sentence(&error))))?;
        if let Some(error) = broken {
            return ended(error);
        }
        if summary.rejected > MAX_SHOWN {
            eprintln!("{name}: {} more lines like these", summary.rejected - MAX_SHOWN);
        }
        lines_hit += summary.hit_lines;
        weak += summary.weak_lines;
        rejected += summary.rejected;
    }
    let counted = if arguments.count { writeln!(out, "{lines_hit}") } else { Ok(()) };
    if let Err(error) = counted.and_then(|()| out.flush()) {
        return ended(error);
    }
    eprintln!("{lines_hit} lines with a hit, {weak} with weak ones only, {rejected} lines rejected");
    // `match` finds: 0 when it found something, 1 when it did not, as `grep` does.
    Ok(answer(lines_hit > 0))
}

/// A reader that went away is no failure of ours.
fn ended(error: std::io::Error) -> Outcome {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(answer(true)) } else { Err(error.into()) }
}

fn index(arguments: &Match) -> Result<Index, Failure> {
    let mut builder = IndexBuilder::new();
    for path in &arguments.indicators {
        let name = path.display().to_string();
        let (mut rejected, mut full) = (0, None);
        let summary = read_list(open(path)?, &ListOptions::new(name.as_str()), &mut |item| match item {
            Ok(indicator) => full = builder.add(&indicator).err().or(full),
            Err(reject) => {
                rejected += 1;
                if rejected <= MAX_SHOWN {
                    eprintln!("{name}: {reject}");
                }
            }
        })
        .map_err(|error| Failure::usage(sentence(&error)))?;
        if let Some(error) = full {
            return Err(Failure::usage(format!("{name}: {error}")));
        }
        if rejected > MAX_SHOWN {
            eprintln!("{name}: {} more values rejected", rejected - MAX_SHOWN);
        }
        if summary.accepted == 0 {
            return Err(Failure::usage(format!("`{name}` holds no indicator that can be matched")));
        }
    }
    Ok(builder.build())
}

fn write_hit(
    out: &mut impl std::io::Write,
    arguments: &Match,
    file: &str,
    hit: &Hit<'_>,
) -> std::io::Result<()> {
    if arguments.count {
        return Ok(());
    }
    let (line, field, value, weak) = (hit.line, hit.field, hit.value, hit.weak);
    let entry = &hit.entry;
    let (indicator, kind, source, note) = (entry.written, entry.kind.name(), entry.source, entry.note);
    if arguments.json {
        serde_json::to_writer(
            &mut *out,
            &Row { file, line, field, value, indicator, kind, source, weak, note },
        )?;
        return writeln!(out);
    }
    let mark = if weak { " (weak)" } else { "" };
    writeln!(
        out,
        "{file}:{line}: {field} = {} matches {kind} {indicator} of {source}{mark}",
        value.escape_debug()
    )
}

fn report(name: &str, reject: &LineReject, shown: &mut u64) {
    *shown += 1;
    if *shown <= MAX_SHOWN {
        eprintln!("{name}: {}", sentence(reject));
    }
}

fn format(asked: Format) -> Option<LogFormat> {
    match asked {
        Format::Auto => None,
        Format::Eve => Some(LogFormat::Eve),
        Format::Zeek => Some(LogFormat::Zeek),
        Format::Ndjson => Some(LogFormat::Ndjson),
        Format::Syslog => Some(LogFormat::Syslog),
        Format::Text => Some(LogFormat::Text),
    }
}

/// A file, unpacked if its name or its first bytes say so; `-` is standard input.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::usage(format!("`{}` cannot be read: {error}", path.display()));
    let plain: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        if path.is_dir() {
            return Err(Failure::usage(format!("`{}` is a folder; name the files in it", path.display())));
        }
        Box::new(File::open(path).map_err(unreadable)?)
    };
    let mut plain = BufReader::with_capacity(BUFFER_BYTES, plain);
    let start = plain.fill_buf().map_err(unreadable)?;
    if start.starts_with(&[0x1f, 0x8b]) {
        let unpacked = flate2::bufread::MultiGzDecoder::new(plain);
        Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked)))
    } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let unpacked = zstd::Decoder::with_buffer(plain).map_err(unreadable)?;
        Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked)))
    } else {
        Ok(Box::new(plain))
    }
}
