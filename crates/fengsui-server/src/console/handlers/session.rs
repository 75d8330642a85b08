//! Who reads a page: a signed-in visitor or a guest, and how they like their pages.
//!
//! A session cookie is `HttpOnly`, `SameSite=Lax` and `Secure` behind TLS. Language, theme and
//! shortcuts are plain cookies of the browser, so that the sign-in page already has them.

use std::fmt::Write as _;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use fengsui_service::sessions::SignedIn;
use fengsui_service::{Caller, Error};

use super::problem::PageError;
use crate::app::App;
use crate::call::{RequestId, SESSION_COOKIE, cookie};
use crate::console::lang::Lang;
use crate::console::view::shell::Theme;
use crate::console::view::words::Notice;

/// Cookie with the language.
pub(crate) const LANG_COOKIE: &str = "fengsui_lang";
/// Cookie with the theme.
pub(crate) const THEME_COOKIE: &str = "fengsui_theme";
/// Cookie that says `off` when single-key shortcuts are off.
pub(crate) const KEYS_COOKIE: &str = "fengsui_keys";
/// Cookie that names what just happened; said once.
pub(crate) const FLASH_COOKIE: &str = "fengsui_flash";
/// Cookie of a guest, against forged sign-ins.
pub(crate) const GATE_COOKIE: &str = "fengsui_gate";
/// Bytes of a path kept to come back to.
const MAX_PATH_BYTES: usize = 2_000;

/// How a reader likes pages, and which request this is.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// The language.
    pub(crate) lang: Lang,
    /// The colours.
    pub(crate) theme: Theme,
    /// Single-key shortcuts are on.
    pub(crate) shortcuts: bool,
    /// Path and query of the page; for a form, of the page it stood on.
    pub(crate) path: String,
    /// The request's id.
    pub(crate) request_id: String,
    /// The browser came over TLS.
    pub(crate) secure: bool,
    /// What just happened.
    pub(crate) notice: Option<Notice>,
}

/// Somebody signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// Account and session.
    pub(crate) signed_in: SignedIn,
    /// The same for use cases.
    pub(crate) caller: Caller,
    /// How they like pages.
    pub(crate) look: Look,
}

/// Somebody who is not signed in.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    /// How they like pages.
    pub(crate) look: Look,
    /// The token their forms carry, also in their cookie.
    pub(crate) csrf: String,
    /// The token is new, so the answer must set the cookie.
    pub(crate) fresh: bool,
}

impl Look {
    /// Reads what cookies and headers say.
    pub(crate) fn of(parts: &Parts) -> Self {
        let headers = &parts.headers;
        let text =
            |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let path = if parts.method.is_safe() { here } else { referer(headers).unwrap_or("/") };
        let lang = cookie(headers, LANG_COOKIE).and_then(Lang::parse);
        Self {
            lang: lang.unwrap_or_else(|| Lang::from_accept_language(text(header::ACCEPT_LANGUAGE))),
            theme: cookie(headers, THEME_COOKIE).and_then(Theme::parse).unwrap_or(Theme::Auto),
            shortcuts: cookie(headers, KEYS_COOKIE) != Some("off"),
            path: own_path(path).unwrap_or("/").to_owned(),
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
            secure: headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https"),
            notice: cookie(headers, FLASH_COOKIE).and_then(Notice::parse),
        }
    }
}

/// Path and query of the page a form stood on; browsers send it to the same origin.
fn referer(headers: &HeaderMap) -> Option<&str> {
    let address = headers.get(header::REFERER)?.to_str().ok()?;
    let (_, rest) = address.split_once("://")?;
    rest.find('/').map(|at| &rest[at..])
}

/// A path on this node, safe to be sent to; `None` for anything that could lead elsewhere.
pub(crate) fn own_path(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = path.starts_with('/') && !path.starts_with("//") && path.len() <= MAX_PATH_BYTES;
    (own && plain).then_some(path)
}

impl Visitor {
    fn new(signed_in: SignedIn, look: Look) -> Self {
        let mut caller = Caller::new(signed_in.account.value.actor());
        caller.request = Some(look.request_id.clone());
        Self { signed_in, caller, look }
    }
}

/// The visitor behind a request, if somebody is signed in.
pub(crate) async fn visitor(parts: &Parts, app: &App) -> Result<Option<Visitor>, Error> {
    let Some(session) = cookie(&parts.headers, SESSION_COOKIE) else { return Ok(None) };
    match app.service.session(session).await {
        Ok(signed_in) => Ok(Some(Visitor::new(signed_in, Look::of(parts)))),
        Err(Error::Unauthenticated { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match visitor(parts, app).await {
            Ok(Some(visitor)) => Ok(visitor),
            Ok(None) => {
                let next = encode(&Look::of(parts).path);
                Err(Redirect::to(&format!("/sign-in?next={next}")).into_response())
            }
            Err(error) => Err(PageError::from(error).into_response()),
        }
    }
}

impl OptionalFromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Response> {
        visitor(parts, app).await.map_err(|error| PageError::from(error).into_response())
    }
}

impl FromRequestParts<App> for Guest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        Ok(Self::of(parts, app))
    }
}

impl Guest {
    /// The guest behind a request.
    pub(crate) fn of(parts: &Parts, app: &App) -> Self {
        let look = Look::of(parts);
        let plain = |token: &&str| {
            (16..=64).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match cookie(&parts.headers, GATE_COOKIE).filter(plain) {
            Some(token) => Self { look, csrf: token.to_owned(), fresh: false },
            None => Self { look, csrf: random_token(app), fresh: true },
        }
    }

    /// The answer with the guest's cookie where it is new.
    pub(crate) fn keep(&self, mut answer: Response) -> Response {
        if self.fresh {
            set_cookie(&mut answer, GATE_COOKIE, &self.csrf, None, self.look.secure);
        }
        answer
    }
}

/// What the browser calls itself, in a few words; the whole of it where nothing in it is known.
pub(crate) fn device(headers: &HeaderMap) -> String {
    const BROWSERS: [(&str, &str); 5] = [
        // Each names those below it too, so the first that is found is the one.
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 8] = [
        ("HarmonyOS", "HarmonyOS"),
        ("OpenHarmony", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let agent = headers.get(header::USER_AGENT).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
    };
    let parts: Vec<&str> = [known(&BROWSERS), known(&SYSTEMS)].into_iter().flatten().collect();
    if parts.is_empty() { agent.to_owned() } else { parts.join(", ") }
}

/// 128 random bits in hex.
fn random_token(app: &App) -> String {
    let bytes = app.service.environment().bytes::<16>();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds a cookie to an answer: for `seconds`, or until the browser closes. Names and values are ours.
pub(crate) fn set_cookie(answer: &mut Response, name: &str, value: &str, seconds: Option<i64>, secure: bool) {
    let life = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let tls = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{life}{tls}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        answer.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// A text as it may stand in a query string.
pub(crate) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_to() {
        for (path, own) in [
            ("/", true),
            ("/events?state=new&q=%E4", true),
            ("//evil.example/", false),
            ("/\\evil.example", false),
            ("https://evil.example/", false),
            ("events", false),
            ("", false),
            ("/a b", false),
            ("/a\r\nSet-Cookie: x", false),
        ] {
            assert_eq!(own_path(path).is_some(), own, "{path:?}");
        }
    }

    #[test]
    fn browsers_are_told_in_a_few_words() {
        for (agent, device_name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            ("curl/8.9.1", "curl/8.9.1"),
            ("", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            assert_eq!(device(&headers), device_name, "{agent}");
        }
        assert_eq!(device(&HeaderMap::new()), "");
    }

    #[test]
    fn a_query_holds_any_text() {
        assert_eq!(encode("/events?state=new"), "/events%3Fstate%3Dnew");
        assert_eq!(encode("市 a"), "%E5%B8%82%20a");
    }
}
