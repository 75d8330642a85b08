//! What every page has around it: language, theme, who is signed in, menu, counts, a message.

use std::borrow::{Borrow, Cow};

use super::parts::Moment;
use super::words::{Notice, Section, Tone};
use crate::console::assets;
use crate::console::lang::Lang;

/// The frame of a page.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each switches one part of the frame, whatever the others say"
)]
pub struct Shell {
    /// Language of the reader.
    pub lang: Lang,
    /// Colours the reader chose.
    pub theme: Theme,
    /// Title of the page, without the product's name.
    pub title: String,
    /// Who is signed in.
    pub user: Option<User>,
    /// Sections the reader may open, in order.
    pub nav: Vec<Section>,
    /// The section this page belongs to.
    pub here: Option<Section>,
    /// Numbers beside the menu.
    pub counts: Counts,
    /// Token against forged requests; goes into every form.
    pub csrf: String,
    /// What just happened.
    pub flash: Option<Flash>,
    /// This is a drill: another frame and another word. Always `false` on a live desk.
    pub drill: bool,
    /// This node was made for a demonstration.
    pub demo: bool,
    /// Name of the node.
    pub node_name: String,
    /// Id of the request that made this page. Forms send it on, with their own id, as their
    /// idempotency key.
    pub request_id: String,
    /// Path and query of this page, to come back to after a change of language or theme.
    pub path: String,
    /// When the page was made. The script measures the browser's clock against it.
    pub made_at: Moment,
    /// Marked regions refresh themselves by the stream of changes.
    pub live: bool,
    /// Single-key shortcuts are on.
    pub shortcuts: bool,
}

/// Colours of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name shown.
    pub display_name: String,
    /// Roles and bodies, in words: `Duty officer · city security office`.
    pub roles: String,
}

/// Numbers beside the menu; zero shows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Clocks past due that concern the reader: the beacon is lit while this is not zero.
    pub overdue: usize,
    /// Events nobody has judged.
    pub new_events: usize,
    /// Incidents that are not archived.
    pub open_incidents: usize,
}

/// A message that is said once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// Its weight.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

impl Flash {
    /// The sentence after a form was accepted.
    pub fn done(lang: Lang, notice: Notice) -> Self {
        Self { tone: Tone::Good, text: lang.t(notice.key()).into_owned() }
    }
}

impl Theme {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The value of `data-theme` and of the cookie.
    pub fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The Fluent key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "theme-auto",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }

    /// The theme a code names.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

impl Shell {
    /// Whether the reader may search: whoever the menu shows incidents.
    pub fn searches(&self) -> bool {
        self.nav.contains(&Section::Incidents)
    }

    /// The text of `key`.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.lang.t(key)
    }

    /// The text of `key` with the count `{ $n }`.
    pub fn t_n(&self, key: &str, n: impl Borrow<usize>) -> Cow<'static, str> {
        self.lang.t_n(key, n)
    }

    /// The text of `key` with the value `{ $s }`.
    pub fn t_s(&self, key: &str, s: impl AsRef<str>) -> Cow<'static, str> {
        self.lang.t_s(key, s.as_ref())
    }

    /// The text of `key` with the values `{ $a }` and `{ $b }`.
    pub fn t_ab(&self, key: &str, a: impl AsRef<str>, b: impl AsRef<str>) -> Cow<'static, str> {
        self.lang.t_ab(key, a.as_ref(), b.as_ref())
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// The number beside a section of the menu.
    pub fn count(&self, section: &Section) -> usize {
        match section {
            Section::Desk => self.counts.overdue,
            Section::Events => self.counts.new_events,
            Section::Incidents => self.counts.open_incidents,
            _ => 0,
        }
    }

    /// Whether this page belongs to `section`.
    pub fn is_here(&self, section: &Section) -> bool {
        self.here == Some(*section)
    }

    /// Whether this page is the reader's own account, which is not in the menu's list.
    pub fn on_account(&self) -> bool {
        self.here == Some(Section::Account)
    }
}
