//! The two languages of the product, from the Fluent files in `locales/`.
//!
//! Both files hold the same keys, every key is used and every used key exists: the tests beside
//! this file say so, so a missing word fails the build and never reaches a page. Nothing here
//! formats dates: instants arrive formatted (see [`Moment`](crate::console::view::parts::Moment)).

use std::borrow::{Borrow, Cow};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

#[cfg(test)]
mod tests;

/// Longest `Accept-Language` header that is read; browsers send well under 200 bytes.
const MAX_ACCEPT_LANGUAGE_BYTES: usize = 512;

/// A language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// Simplified Chinese.
    ZhCn,
    /// English.
    En,
}

type Bundle = FluentBundle<FluentResource>;

static ZH_CN: LazyLock<Bundle> =
    LazyLock::new(|| bundle(Lang::ZhCn, include_str!("../../locales/zh-CN.ftl")));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En, include_str!("../../locales/en.ftl")));

/// Reads an embedded file. A broken entry is left out, and the tests fail on it.
fn bundle(lang: Lang, text: &str) -> Bundle {
    let resource = match FluentResource::try_new(text.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Both languages are written left to right, so no isolation marks are needed around values.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Lang {
    /// Both languages, the default first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag, as it stands in `<html lang>` and in the cookie.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language's own name for itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::ZhCn => "中文",
            Self::En => "English",
        }
    }

    /// The language a tag names, if it is one of ours.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(tag))
    }

    /// The first language of an `Accept-Language` header that we speak; Chinese when there is none.
    ///
    /// Weights are ignored: every browser sends its list in order of preference.
    pub fn from_accept_language(header: &str) -> Self {
        if header.len() > MAX_ACCEPT_LANGUAGE_BYTES {
            return Self::ZhCn;
        }
        header
            .split(',')
            .filter_map(|item| item.split(';').next())
            .find_map(|tag| match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
                "zh" => Some(Self::ZhCn),
                "en" => Some(Self::En),
                _ => None,
            })
            .unwrap_or(Self::ZhCn)
    }

    /// The text of `key`.
    pub fn t(self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The text of `key` with the count `{ $n }`.
    pub fn t_n(self, key: &str, n: impl Borrow<usize>) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set("n", *n.borrow());
        self.format(key, Some(&args))
    }

    /// The text of `key` with the value `{ $s }`.
    pub fn t_s(self, key: &str, s: &str) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set("s", s.to_owned());
        self.format(key, Some(&args))
    }

    /// The text of `key` with the values `{ $a }` and `{ $b }`.
    pub fn t_ab(self, key: &str, a: &str, b: &str) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set("a", a.to_owned());
        args.set("b", b.to_owned());
        self.format(key, Some(&args))
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Self::ZhCn => &ZH_CN,
            Self::En => &EN,
        }
    }

    /// An unknown key comes back in brackets: visible to a test, harmless to a reader.
    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let Some(pattern) = self.bundle().get_message(key).and_then(|message| message.value()) else {
            return Cow::Owned(format!("⟦{key}⟧"));
        };
        let mut errors = Vec::new();
        let text = self.bundle().format_pattern(pattern, args, &mut errors);
        // An owned copy frees the result from the borrow of `args`; texts without values stay borrowed.
        match (args, text) {
            (None, Cow::Borrowed(text)) => Cow::Borrowed(text),
            (_, text) => Cow::Owned(text.into_owned()),
        }
    }
}
