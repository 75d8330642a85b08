//! What a record says that rules of attention count.
//!
//! The messages are those of OpenSSH, PAM, sudo and web servers. Whoever logs in chooses the user name
//! and may write ` from 192.0.2.1` into it, so a source is always taken from the end of a message.

use std::borrow::Cow;
use std::net::IpAddr;

use super::short;
use crate::host;
use crate::record::{Envelope, Format, Record, access};

/// The kinds of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// A wrong password, by source.
    LoginFailed,
    /// A user name that does not exist, by source.
    UnknownUser,
    /// A login that succeeded, by source.
    LoginAccepted,
    /// A failed `sudo` or `su`, by account.
    PrivilegeRefused,
    /// A web request answered with 401 or 403, by client.
    WebRefused,
    /// A web request answered with 404 or 410, by client.
    WebMissing,
}

/// One sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample<'r> {
    /// Its kind.
    pub signal: Signal,
    /// The source address, the client, or the account.
    pub key: Cow<'r, str>,
    /// The user name that was tried.
    pub user: Option<&'r str>,
    /// The path that was asked for.
    pub path: Option<&'r str>,
    /// How often; more than once if the line says so.
    pub times: u32,
}

/// The most a line may claim by "repeated N times"; journals fold far less.
const MAX_TIMES: u32 = 10_000;

/// The sample that a record is, if it is one.
pub fn sample<'r>(record: &'r Record<'_>, envelope: &Envelope<'r>) -> Option<Sample<'r>> {
    let (message, times) = unfolded(envelope.message?);
    let mut sample = match envelope.program {
        Some("sshd" | "sshd-session") => ssh(message),
        Some("sudo") => sudo(message),
        None if record.format() == Format::Text => web(message),
        Some(_) | None => pam(message),
    }?;
    sample.times = sample.times.saturating_mul(times).min(MAX_TIMES);
    Some(sample)
}

/// `message repeated 5 times: [ Failed password …]`, as rsyslog folds equal lines.
fn unfolded(message: &str) -> (&str, u32) {
    let split = || {
        let (times, rest) = message.strip_prefix("message repeated ")?.split_once(" times: [")?;
        Some((rest.trim_start().strip_suffix(']')?, times.parse().ok()?))
    };
    split().unwrap_or((message, 1))
}

/// OpenSSH. `Failed none` asks which methods there are, and clients offer several keys as a matter of
/// course, so neither is a wrong password.
fn ssh(message: &str) -> Option<Sample<'_>> {
    if let Some(rest) = message.strip_prefix("Failed ") {
        let (method, rest) = rest.split_once(" for ")?;
        if matches!(method, "none" | "publickey") {
            return None;
        }
        // A name that does not exist has a line of its own before this one.
        return by_source(Signal::LoginFailed, rest.strip_prefix("invalid user ").unwrap_or(rest));
    }
    if let Some(rest) = message.strip_prefix("Invalid user ") {
        return by_source(Signal::UnknownUser, rest);
    }
    let (_, rest) = message.strip_prefix("Accepted ")?.split_once(" for ")?;
    by_source(Signal::LoginAccepted, rest)
}

/// `USER from ADDRESS` with or without ` port N…` behind.
fn by_source(signal: Signal, text: &str) -> Option<Sample<'_>> {
    let (user, rest) = match text.rsplit_once(" from ") {
        Some(split) => split,
        // An empty user name: `Invalid user  from …` loses its blank at the front.
        None => ("", text.strip_prefix("from ")?),
    };
    let source = rest.split(' ').next()?;
    let address = host::address(source)?;
    let user = Some(short(user.trim()));
    Some(Sample { signal, key: key_of(address), user, path: None, times: 1 })
}

fn key_of<'r>(address: IpAddr) -> Cow<'r, str> {
    Cow::Owned(address.to_string())
}

/// sudo's own summary: `USER : 3 incorrect password attempts ; …`, `USER : user NOT in sudoers ; …`.
fn sudo(message: &str) -> Option<Sample<'_>> {
    let (user, rest) = message.trim_start().split_once(" : ")?;
    let times = if rest.starts_with("user NOT in sudoers") || rest.starts_with("command not allowed") {
        1
    } else {
        let (times, _) = rest.split_once(" incorrect password attempt")?;
        times.parse().ok()?
    };
    let user = short(user.trim());
    Some(Sample {
        signal: Signal::PrivilegeRefused,
        key: Cow::Borrowed(user),
        user: Some(user),
        path: None,
        times,
    })
}

/// PAM, for services that say no more themselves: `pam_unix(vsftpd:auth): authentication failure; …`.
///
/// sshd and sudo count their failures themselves, so theirs are not read here.
fn pam(message: &str) -> Option<Sample<'_>> {
    let (module, rest) = message.split_once("): authentication failure;")?;
    let (_, service) = module.split_once('(')?;
    let service = service.split(':').next()?;
    // Values run to the next blank; they come in a fixed order, the tried name last.
    let value = |name: &str| {
        let at = rest.find(name)? + name.len();
        rest[at..].split(' ').next().filter(|value| !value.is_empty())
    };
    let user = value(" user=").map(short);
    match service {
        "su" | "su-l" | "polkit-1" => {
            let who = short(value(" ruser=")?);
            let key = Cow::Borrowed(who);
            Some(Sample { signal: Signal::PrivilegeRefused, key, user: Some(who), path: None, times: 1 })
        }
        _ => {
            let source = value(" rhost=")?;
            let key = host::address(source).map_or_else(|| Cow::Borrowed(short(source)), key_of);
            Some(Sample { signal: Signal::LoginFailed, key, user, path: None, times: 1 })
        }
    }
}

/// A line of a web server's access log.
fn web(line: &str) -> Option<Sample<'_>> {
    let access = access::read(line)?;
    let signal = match access.status {
        401 | 403 => Signal::WebRefused,
        404 | 410 => Signal::WebMissing,
        _ => return None,
    };
    let key = host::address(access.client).map_or_else(|| Cow::Borrowed(short(access.client)), key_of);
    let path = access.target.split(['?', '#']).next().map(short);
    Some(Sample { signal, key, user: access.user.map(short), path, times: 1 })
}
