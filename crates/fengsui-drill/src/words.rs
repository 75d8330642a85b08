//! What the people of a drill write, in both languages. Every text says what it is.

use fengsui_domain::plan::{Lang, Text};

/// The mark that stands before whatever is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A drill.
    Drill,
    /// A demonstration.
    Demo,
}

impl Mark {
    /// The name of the stream of their log lines, and the part of the node that takes it in.
    pub(crate) fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Drill => ("drill", "ingest"),
            Self::Demo => ("demo", "demo"),
        }
    }

    fn get(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Drill, Lang::Zh) => "【演练】",
            (Self::Drill, Lang::En) => "[DRILL] ",
            (Self::Demo, Lang::Zh) => "【演示】",
            (Self::Demo, Lang::En) => "[DEMO] ",
        }
    }
}

/// A language with the mark.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The language.
    pub lang: Lang,
    /// The mark.
    pub mark: Mark,
}

impl Words {
    /// Whether somebody like these wrote it.
    pub(crate) fn is_marked(self, text: &str) -> bool {
        [Lang::Zh, Lang::En].into_iter().any(|lang| text.starts_with(self.mark.get(lang)))
    }

    /// A text with the mark before it.
    pub(crate) fn marked(self, text: &Text) -> String {
        format!("{}{}", self.mark.get(self.lang), text.get(self.lang))
    }

    /// One of two with the mark before it.
    pub(crate) fn say(self, zh: &str, en: &str) -> String {
        let text = match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        format!("{}{text}", self.mark.get(self.lang))
    }
}
