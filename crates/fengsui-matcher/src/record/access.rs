//! Lines of a web server's access log, in the common and the combined format of Apache and nginx.

use jiff::Timestamp;

use super::time;

/// What an access line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access<'a> {
    /// The client: an address, or a name if the server looks names up.
    pub client: &'a str,
    /// The name under which the client logged in.
    pub user: Option<&'a str>,
    /// When the request came.
    pub at: Timestamp,
    /// `GET`, `POST`…; none if the request was no HTTP.
    pub method: Option<&'a str>,
    /// The path and query that were asked for; the whole request if it was no HTTP.
    pub target: &'a str,
    /// The status of the answer.
    pub status: u16,
}

/// Reads `CLIENT IDENT USER [TIME] "REQUEST" STATUS …`.
pub fn read(line: &str) -> Option<Access<'_>> {
    let (client, rest) = line.split_once(' ')?;
    let (names, rest) = rest.split_once(" [")?;
    let (_ident, user) = names.split_once(' ')?;
    let (written, rest) = rest.split_once("] \"")?;
    let at = time::common(written)?;
    let (request, rest) = split_quoted(rest)?;
    let status = rest.trim_start().split(' ').next()?;
    if status.len() != 3 || client.is_empty() {
        return None;
    }
    let status = status.parse().ok().filter(|status| (100..=599).contains(status))?;
    let (method, target) = match request.split_once(' ') {
        Some((method, rest))
            if !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase()) =>
        {
            (Some(method), rest.split_once(" HTTP/").map_or(rest, |(target, _)| target))
        }
        _ => (None, request),
    };
    Some(Access { client, user: Some(user).filter(|user| *user != "-"), at, method, target, status })
}

/// The text up to the next quote that is not escaped, and what follows it.
fn split_quoted(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', &bytes[from..])?;
        if bytes[at] == b'"' {
            return Some((&text[..at], &text[at + 1..]));
        }
        from = (at + 2).min(bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let line =
            r#"192.0.2.7 - alice [17/May/2015:10:05:03 +0000] "GET /a?b=1 HTTP/1.1" 404 12 "-" "curl \"x\"""#;
        let access = read(line).unwrap();
        assert_eq!((access.client, access.user, access.status), ("192.0.2.7", Some("alice"), 404));
        assert_eq!((access.method, access.target), (Some("GET"), "/a?b=1"));
        assert_eq!(access.at.to_string(), "2015-05-17T10:05:03Z");
        let line = r#"2001:db8::1 - - [17/May/2015:10:05:03 +0000] "\x16\x03\"" 400 -"#;
        let access = read(line).unwrap();
        assert_eq!((access.method, access.target, access.user), (None, r#"\x16\x03\""#, None));
        for broken in [
            "",
            "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 9999 1",
            "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1 200 1",
            "192.0.2.7 - - [yesterday] \"GET / HTTP/1.1\" 200 1",
            "Mar 27 13:06:56 host sshd[1291]: Server listening on 0.0.0.0 port 22.",
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
