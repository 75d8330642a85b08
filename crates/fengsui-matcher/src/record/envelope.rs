//! Who wrote a record, when, how grave, and between whom: what is the same in every format.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::time::{self, TimeContext};
use super::{Field, Format, Record, Value, access};
use crate::host;

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its address.
    pub address: IpAddr,
    /// Its port, if the record says so.
    pub port: Option<u16>,
}

/// What a record says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope<'r> {
    /// When it happened.
    pub timestamp: Option<Timestamp>,
    /// The host that it is about or that wrote it.
    pub host: Option<&'r str>,
    /// The program that wrote it.
    pub program: Option<&'r str>,
    /// 0 (emergency) to 7 (debug), RFC 5424, 6.2.1.
    pub severity: Option<u8>,
    /// Its free text.
    pub message: Option<&'r str>,
    /// Where the connection came from.
    pub source: Option<Party>,
    /// Where it went.
    pub destination: Option<Party>,
}

/// On which side of a connection an address stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Source,
    Destination,
    Either,
}

/// Fields that hold an address, and the field beside each that holds its port. The last part of a path
/// counts, so `flow.src_ip` goes with `flow.src_port`.
const PAIRS: [(Side, &str, &str); 30] = [
    (Side::Source, "src_ip", "src_port"),                      // Suricata
    (Side::Destination, "dest_ip", "dest_port"),               // Suricata
    (Side::Source, "id.orig_h", "id.orig_p"),                  // Zeek
    (Side::Destination, "id.resp_h", "id.resp_p"),             // Zeek
    (Side::Source, "id_orig_h", "id_orig_p"),                  // Zeek, flattened
    (Side::Destination, "id_resp_h", "id_resp_p"),             // Zeek, flattened
    (Side::Source, "source.ip", "source.port"),                // ECS
    (Side::Destination, "destination.ip", "destination.port"), // ECS
    (Side::Source, "client.ip", "client.port"),                // ECS
    (Side::Destination, "server.ip", "server.port"),           // ECS
    (Side::Source, "SourceIp", "SourcePort"),                  // Sysmon
    (Side::Destination, "DestinationIp", "DestinationPort"),   // Sysmon
    (Side::Source, "SourceAddress", "SourcePort"),             // Windows filtering platform
    (Side::Destination, "DestAddress", "DestPort"),            // Windows filtering platform
    (Side::Source, "IpAddress", "IpPort"),                     // Windows logon
    (Side::Source, "sourceIPAddress", "sourcePort"),           // CloudTrail
    (Side::Destination, "dst_ip", "dst_port"),
    (Side::Source, "source_ip", "source_port"),
    (Side::Destination, "destination_ip", "destination_port"),
    (Side::Source, "srcip", "srcport"),      // FortiGate
    (Side::Destination, "dstip", "dstport"), // FortiGate
    (Side::Source, "saddr", "sport"),
    (Side::Destination, "daddr", "dport"),
    (Side::Source, "client_ip", "client_port"),
    (Side::Destination, "server_ip", "server_port"),
    (Side::Source, "src", "spt"),                 // CEF, iptables
    (Side::Destination, "dst", "dpt"),            // CEF, iptables
    (Side::Source, "remote_addr", "remote_port"), // nginx
    (Side::Either, "ip", "port"),
    (Side::Either, "host", "port"),
];

const TIMES: [&str; 13] = [
    "timestamp",
    "@timestamp",
    "ts",
    "time",
    "eventTime",
    "EventTime",
    "TimeCreated",
    "UtcTime",
    "TimeGenerated",
    "System.TimeCreated.SystemTime",
    "Event.System.TimeCreated.SystemTime",
    "datetime",
    "date",
];
const HOSTS: [&str; 9] = [
    "host",
    "host.name",
    "hostname",
    "Hostname",
    "HostName",
    "Computer",
    "@system",
    "agent.hostname",
    "Event.System.Computer",
];
const PROGRAMS: [&str; 7] =
    ["program", "process.name", "ProcessName", "SourceName", "appname", "app_name", "eventSource"];
const MESSAGES: [&str; 7] =
    ["message", "msg", "SyslogMessage", "Message", "alert.signature", "event.original", "log"];
const SEVERITIES: [&str; 5] = ["severity", "level", "log.level", "SeverityLevel", "loglevel"];

/// Words for the severities 0 to 7, the usual ones and their short forms.
const SEVERITY_WORDS: [&[&str]; 8] = [
    &["emergency", "emerg", "panic", "fatal"],
    &["alert"],
    &["critical", "crit"],
    &["error", "err"],
    &["warning", "warn"],
    &["notice"],
    &["informational", "information", "info"],
    &["debug", "trace", "verbose"],
];

impl Record<'_> {
    /// What the record says about itself.
    pub fn envelope(&self, context: &TimeContext) -> Envelope<'_> {
        let mut envelope = Envelope {
            timestamp: TIMES.iter().find_map(|path| timestamp(&self.field(path)?, context)),
            host: self.first_text(&HOSTS),
            program: self.first_text(&PROGRAMS),
            severity: self.severity(),
            message: self.first_text(&MESSAGES),
            source: self.party(Side::Source),
            destination: self.party(Side::Destination),
        };
        if self.format == Format::Text
            && let Some(line) = self.text("text")
        {
            envelope.message = Some(line);
            if let Some(access) = access::read(line) {
                envelope.timestamp = Some(access.at);
                envelope.source = host::address(access.client).map(|address| Party { address, port: None });
            }
        }
        envelope
    }

    fn first_text(&self, paths: &[&str]) -> Option<&str> {
        paths.iter().find_map(|path| self.text(path)).filter(|text| !text.is_empty())
    }

    fn severity(&self) -> Option<u8> {
        let number = |path: &str| match self.field(path)?.value {
            Value::Number(number) => number.as_u64(),
            Value::Text(_) | Value::Bool(_) => None,
        };
        if self.format == Format::Syslog {
            return number("priority").and_then(|priority| u8::try_from(priority % 8).ok());
        }
        if let Some(alert) = number("alert.severity") {
            // Suricata: 1 is the gravest, 3 the least of the usual ones.
            return u8::try_from(alert.clamp(1, 4) + 2).ok();
        }
        let word = self.first_text(&SEVERITIES)?.to_ascii_lowercase();
        (0..).zip(SEVERITY_WORDS).find(|(_, words)| words.contains(&word.as_str())).map(|(level, _)| level)
    }

    fn party(&self, side: Side) -> Option<Party> {
        PAIRS.iter().filter(|(at, ..)| *at == side).find_map(|(_, key, _)| {
            let field = self.fields().find(|field| prefix_before(field.path, key).is_some())?;
            let text = field.text()?;
            let address = host::address(text)?;
            Some(Party { address, port: self.port_beside(field.path) })
        })
    }

    /// The port that the connection went to.
    pub(crate) fn destination_port(&self) -> Option<u16> {
        let sides = PAIRS.iter().filter(|(side, ..)| *side == Side::Destination);
        sides.into_iter().find_map(|(_, _, port)| {
            port_of(&self.fields().find(|field| prefix_before(field.path, port).is_some())?)
        })
    }

    /// The port that goes with the address at `path`: the field beside it that is known to hold it.
    pub(crate) fn port_beside(&self, path: &str) -> Option<u16> {
        PAIRS.iter().find_map(|(_, key, port)| {
            let prefix = prefix_before(path, key)?;
            let field = self.fields().find(|field| field.path.strip_prefix(prefix) == Some(*port))?;
            port_of(&field)
        })
    }
}

/// The key under which the port of the address under `key` stands in a line of `key=value` pairs.
pub(crate) fn port_keys(key: &str) -> impl Iterator<Item = &'static str> {
    PAIRS.iter().filter(move |(_, address, _)| address.eq_ignore_ascii_case(key)).map(|(.., port)| *port)
}

/// What stands before `key` in `path`, if `key` is all of it or its last part.
fn prefix_before<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    path.strip_suffix(key).filter(|prefix| prefix.is_empty() || prefix.ends_with('.'))
}

fn port_of(field: &Field<'_>) -> Option<u16> {
    match field.value {
        Value::Text(text) => host::port(text),
        Value::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Value::Bool(_) => None,
    }
    .filter(|port| *port != 0)
}

fn timestamp(field: &Field<'_>, context: &TimeContext) -> Option<Timestamp> {
    match field.value {
        Value::Number(number) => time::epoch(number.as_f64()?),
        Value::Text(text) if field.path == "UtcTime" => {
            time::read(text, &TimeContext { zone: TimeZone::UTC, reference: context.reference })
        }
        Value::Text(text) => time::read(text, context),
        Value::Bool(_) => None,
    }
}
