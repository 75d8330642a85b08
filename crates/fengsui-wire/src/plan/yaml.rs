//! YAML to a tree of nodes that know where they were written. The only module that names the YAML crate.
//!
//! The tree is built from the parser's events rather than through serde, for three reasons: every
//! mistake of a file can be reported at once and not only the first, scalars keep their text (`2.2` is
//! a clause and not a number), and offsets inside a value point into the file. Anchors, aliases, tags,
//! directives and further documents are refused; nothing is ever expanded.

use std::collections::BTreeSet;

use serde_saphyr::granit_parser::{
    ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, options,
};

use super::finding::{Code, Findings, Spot, quoted, say};

mod hint;

/// Bytes of one file: the shipped packs stay under 64 KiB each, four times that is plenty.
pub(super) const MAX_FILE_BYTES: usize = 256 * 1024;
/// Collections inside one another: the deepest place in a pack is at 7, and an option that changes it is 6 deep.
pub(super) const MAX_DEPTH: usize = 16;
/// Nodes (scalars, lists, mappings) of one file.
pub(super) const MAX_NODES: usize = 20_000;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: Spot,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the order of the file, each key once.
    Map(Vec<(Key, Node)>),
    /// Something was refused here and has been reported.
    Refused,
}

/// A key and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) at: Spot,
    pub(super) text: String,
}

/// A piece of text as it was written; numbers and yes-or-no are not told apart here.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    pub(super) text: String,
    style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Plain,
    Quoted,
    Block,
}

impl Node {
    /// Nothing was written.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(scalar) if scalar.is_null())
    }
}

impl Scalar {
    /// Nothing was written: `key:` or `key: ~`.
    pub(super) fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(self.text.as_str(), "" | "~" | "null")
    }

    /// Where the byte at `offset` of the text stands in the file, if escapes do not hide it.
    ///
    /// Folding changes white space only, so the characters in between are matched one by one.
    pub(super) fn spot_of(&self, offset: usize, start: Spot, source: &str) -> Option<Spot> {
        let written = source.get(start.byte..)?;
        let skip = match self.style {
            // The mark of a block is at its content, after the line with the indicator.
            Style::Plain | Style::Block => 0,
            Style::Quoted => 1,
        };
        let mut place = Walk { spot: start, rest: written };
        while place.spot.byte < start.byte + skip {
            place.step()?;
        }
        for (at, wanted) in self.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            while place.rest.chars().next()?.is_whitespace() {
                place.step()?;
            }
            if place.rest.chars().next()? != wanted {
                return None;
            }
            if at >= offset {
                return Some(place.spot);
            }
            place.step()?;
        }
        Some(place.spot)
    }
}

/// A walk through a file that counts lines and columns.
struct Walk<'s> {
    spot: Spot,
    rest: &'s str,
}

impl Walk<'_> {
    fn step(&mut self) -> Option<()> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.spot.byte += c.len_utf8();
        if c == '\n' {
            self.spot.line += 1;
            self.spot.column = 1;
        } else {
            self.spot.column += 1;
        }
        self.rest = chars.as_str();
        Some(())
    }
}

/// Reads one file; `None` if it holds nothing. Whatever is wrong goes to `findings`, and a syntax error
/// ends the reading of this file.
pub(super) fn read(text: &str, file: usize, findings: &mut Findings) -> Result<Option<Node>, Stop> {
    let options = options! {
        disallow_directives: true,
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder { text, events, file, findings, nodes: 0 };
    builder.document()
}

/// The bytes of a file as text; `None` with a finding if they are too many or not UTF-8.
pub(super) fn decode<'b>(bytes: &'b [u8], file: usize, findings: &mut Findings) -> Option<&'b str> {
    if bytes.len() > MAX_FILE_BYTES {
        let message = say(
            format!("文件有 {} 字节，上限为 {MAX_FILE_BYTES}", bytes.len()),
            format!("the file has {} bytes, at most {MAX_FILE_BYTES} are read", bytes.len()),
        );
        findings.add(Code::Limit, Spot { file, ..Spot::default() }, "", message, None);
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let mut place = Walk { spot: Spot { file, line: 1, column: 1, byte: 0 }, rest: &good };
            while place.step().is_some() {}
            let message = say("此处的字节不是 UTF-8", "the bytes here are not UTF-8");
            findings.add(Code::NotUtf8, place.spot, "", message, None);
            None
        }
    }
}

/// The reading of this file ended; why has been reported.
#[derive(Debug)]
pub(super) struct Stop;

struct Builder<'s, 'f> {
    text: &'s str,
    events: Parser<'s, StrInput<'s>>,
    file: usize,
    findings: &'f mut Findings,
    nodes: usize,
}

impl<'s> Builder<'s, '_> {
    fn document(&mut self) -> Result<Option<Node>, Stop> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => return Ok(root),
                Event::DocumentStart(..) if root.is_some() => {
                    self.refuse(span.start, "第二个文档", "a second document");
                    return Ok(root);
                }
                Event::DocumentStart(..) => {
                    let (event, span) = self.next()?;
                    root = Some(self.node(event, span, 0)?);
                }
                _ => return Err(self.stray(span.start)),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'s>, Span), Stop> {
        match self.events.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(self.syntax(&error)),
            None => Err(self.stray(Marker::default())),
        }
    }

    fn node(&mut self, event: Event<'s>, span: Span, depth: usize) -> Result<Node, Stop> {
        self.count(span.start, depth)?;
        let at = self.spot(span.start);
        let kind = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.plain_only(span.start, anchor, tag.is_some());
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                };
                Kind::Scalar(Scalar { text: text.into_owned(), style })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.plain_only(span.start, anchor, tag.is_some());
                Kind::List(self.list(depth)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.plain_only(span.start, anchor, tag.is_some());
                Kind::Map(self.map(depth)?)
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(span.start, "别名", "an alias");
                Kind::Refused
            }
            _ => return Err(self.stray(span.start)),
        };
        Ok(Node { at, kind })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Stop> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, Stop> {
        let mut entries = Vec::new();
        let mut seen = BTreeSet::new();
        loop {
            let key = match self.next()? {
                (Event::MappingEnd, _) => return Ok(entries),
                (event, span) => self.node(event, span, depth + 1)?,
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            let Kind::Scalar(Scalar { text, .. }) = key.kind else {
                self.refuse_at(key.at, "复合键", "a compound key");
                continue;
            };
            if seen.insert(text.clone()) {
                entries.push((Key { at: key.at, text }, value));
            } else {
                let message = say(
                    format!("键 {} 重复", quoted(&text)),
                    format!("the key {} stands here twice", quoted(&text)),
                );
                self.findings.add(Code::DuplicateKey, key.at, &text, message, None);
            }
        }
    }

    fn count(&mut self, at: Marker, depth: usize) -> Result<(), Stop> {
        self.nodes += 1;
        if depth > MAX_DEPTH {
            return Err(self.limit(at, &format!("{MAX_DEPTH} 层"), &format!("{MAX_DEPTH} levels of depth")));
        }
        if self.nodes > MAX_NODES {
            return Err(self.limit(at, &format!("{MAX_NODES} 个条目"), &format!("{MAX_NODES} values")));
        }
        Ok(())
    }

    fn plain_only(&mut self, at: Marker, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.refuse(at, "锚点", "an anchor");
        }
        if tagged {
            self.refuse(at, "标签", "a tag");
        }
    }

    fn refuse(&mut self, at: Marker, zh: &str, en: &str) {
        self.refuse_at(self.spot(at), zh, en);
    }

    fn refuse_at(&mut self, at: Spot, zh: &str, en: &str) {
        let message = say(format!("预案文件不允许使用{zh}"), format!("{en} is not allowed in a plan file"));
        let fix = say("把内容直接写出来", "write the content out");
        self.findings.add(Code::YamlFeature, at, "", message, Some(fix));
    }

    fn limit(&mut self, at: Marker, zh: &str, en: &str) -> Stop {
        let message = say(format!("文件超过 {zh}"), format!("the file has more than {en}"));
        self.findings.add(Code::Limit, self.spot(at), "", message, None);
        Stop
    }

    fn syntax(&mut self, error: &ScanError) -> Stop {
        let at = *error.marker();
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => {
                return self.limit(at, &format!("{MAX_DEPTH} 层"), &format!("{MAX_DEPTH} levels of depth"));
            }
            ErrorKind::DirectiveDisallowed => self.refuse(at, "指令", "a directive"),
            ErrorKind::UnknownAnchor => self.refuse(at, "别名", "an alias"),
            kind => {
                let message = say(format!("不是正确的 YAML：{kind}"), format!("not valid YAML: {kind}"));
                let hint = hint::hint(self.text, at.line(), &kind.to_string());
                self.findings.add(Code::Syntax, self.spot(at), "", message, hint);
            }
        }
        Stop
    }

    fn stray(&mut self, at: Marker) -> Stop {
        let message = say("YAML 在此处中断", "the YAML breaks off here");
        self.findings.add(Code::Syntax, self.spot(at), "", message, None);
        Stop
    }

    fn spot(&self, at: Marker) -> Spot {
        Spot {
            file: self.file,
            line: u32::try_from(at.line()).unwrap_or(u32::MAX),
            column: u32::try_from(at.col()).unwrap_or(u32::MAX).saturating_add(1),
            byte: at.byte_offset().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        let mut findings = Findings::new(vec!["f.yaml".to_owned()]);
        drop(read(text, 0, &mut findings));
        findings.sorted().0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_refused_and_where() {
        for (text, expected) in [
            ("a: 1\nb: 2\na: 3\n", vec![r#"f.yaml:3:1: the key "a" stands here twice"#]),
            (
                "a: &x 1\nb: *x\n",
                vec![
                    "f.yaml:1:7: an anchor is not allowed in a plan file; write the content out",
                    "f.yaml:2:4: an alias is not allowed in a plan file; write the content out",
                ],
            ),
            ("a: *x\n", vec!["f.yaml:1:4: an alias is not allowed in a plan file; write the content out"]),
            ("a: !t 1\n", vec!["f.yaml:1:7: a tag is not allowed in a plan file; write the content out"]),
            (
                "? [a]\n: 1\n",
                vec!["f.yaml:1:3: a compound key is not allowed in a plan file; write the content out"],
            ),
            (
                "a: 1\n---\nb: 1\n",
                vec!["f.yaml:2:1: a second document is not allowed in a plan file; write the content out"],
            ),
            (
                "%YAML 1.2\n---\na: 1\n",
                vec!["f.yaml:1:1: a directive is not allowed in a plan file; write the content out"],
            ),
            (
                "a: [1\nb: 2\n",
                vec![
                    "f.yaml:2:2: not valid YAML: illegal placement of ':' indicator; put a text with a colon, comma, \
                     # or bracket into quotes, and close every quote and bracket",
                ],
            ),
            (
                "a: b: c\n",
                vec![
                    "f.yaml:1:5: not valid YAML: mapping values are not allowed in this context; put a text with a \
                     colon, comma, # or bracket into quotes, and close every quote and bracket",
                ],
            ),
            ("# nothing\n", vec![]),
        ] {
            assert_eq!(findings(text), expected, "{text:?}");
        }
    }

    #[test]
    fn depth_and_count_are_limited() {
        let flow = format!("a: {}{}\n", "[".repeat(40), "]".repeat(40));
        let block: Vec<String> = (0..40).map(|depth| format!("{}a:\n", "  ".repeat(depth))).collect();
        for text in [flow, block.concat()] {
            let found = findings(&text);
            assert!(found[0].ends_with("the file has more than 16 levels of depth"), "{found:?}");
        }
        let many = "- a\n".repeat(MAX_NODES + 1);
        assert_eq!(findings(&many), ["f.yaml:20000:3: the file has more than 20000 values"]);
    }

    #[test]
    fn bytes_that_are_no_text() {
        let mut found = Findings::new(vec!["f.yaml".to_owned()]);
        assert_eq!(decode("ok: 是\n".as_bytes(), 0, &mut found), Some("ok: 是\n"));
        decode(b"a: 1\nb: \xe6\x98\xaf\xff", 0, &mut found);
        decode(&vec![b' '; MAX_FILE_BYTES + 1], 0, &mut found);
        let found: Vec<String> = found.sorted().0.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "f.yaml:1:1: the file has 262145 bytes, at most 262144 are read",
                "f.yaml:2:5: the bytes here are not UTF-8",
            ]
        );
    }

    /// Where the `X` of the value of `k` stands, by [`Scalar::spot_of`].
    fn place_of_x(source: &str) -> Option<(u32, u32)> {
        let root = read(source, 0, &mut Findings::default()).expect("valid").expect("a mapping");
        let Kind::Map(entries) = root.kind else { panic!("a mapping") };
        let Kind::Scalar(scalar) = &entries[0].1.kind else { panic!("a scalar") };
        let offset = scalar.text.find('X').expect("an X in the value");
        scalar.spot_of(offset, entries[0].1.at, source).map(|spot| (spot.line, spot.column))
    }

    #[test]
    fn offsets_inside_a_value_point_into_the_file() {
        for (source, expected) in [
            ("k: a && X\n", Some((1, 9))),
            ("k: 是 && X\n", Some((1, 9))),
            ("k: 'a == X'\n", Some((1, 10))),
            ("k: \"a == X\"\n", Some((1, 10))),
            ("k: a &&\n  b && X\n", Some((2, 8))),
            ("k: >-\n  a &&\n\n  X\n", Some((4, 3))),
            ("k: |\n  a &&\n  X\n", Some((3, 3))),
            ("k:\n  a || X\n", Some((2, 8))),
            ("k: \"\\u0061 X\"\n", None),
        ] {
            assert_eq!(place_of_x(source), expected, "{source:?}");
        }
    }
}
