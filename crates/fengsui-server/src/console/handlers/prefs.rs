//! Language, colours and shortcuts of a browser, and the files pages ask for.

use axum::Router;
use axum::extract::{FromRequest, OriginalUri, Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::post::{GuestPosted, Posted};
use super::problem::PageError;
use super::session::{KEYS_COOKIE, LANG_COOKIE, Look, THEME_COOKIE, own_path, set_cookie};
use crate::app::App;
use crate::call::{SESSION_COOKIE, cookie};
use crate::console::assets;
use crate::console::lang::Lang;
use crate::console::view::problem::ProblemKind;
use crate::console::view::shell::Theme;

/// How long a browser keeps a preference: a year.
const KEPT_S: i64 = 365 * 24 * 3_600;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/assets/{name}", get(asset))
        .route("/favicon.ico", get(|| async { Redirect::permanent(&assets::href("favicon.svg")) }))
        .route("/preferences", post(preferences))
}

/// A file by name; with its version in the address it may be kept for ever.
async fn asset(Path(name): Path<String>, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    let Some(asset) = assets::find(&name) else {
        return PageError::Kind(ProblemKind::NotFound).into_response();
    };
    let version = format!("{:016x}", asset.version);
    let tag = format!("\"{version}\"");
    let versioned = uri.query().is_some_and(|query| query == format!("v={version}"));
    let cached = if versioned { assets::CACHE_CONTROL } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut answer =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { asset.text.as_str().into_response() };
    let set = answer.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(cached));
    set.insert(header::ETAG, HeaderValue::from_str(&tag).expect("digits in quotes are a header value"));
    answer
}

/// Who sent the form of preferences: it stands on pages for guests, too.
struct Chosen {
    look: Look,
    lang: Option<Lang>,
    theme: Option<Theme>,
    keys: Option<&'static str>,
    back: String,
}

impl FromRequest<App> for Chosen {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let session = cookie(request.headers(), SESSION_COOKIE);
        let signed_in = match session {
            Some(session) => app.service.session(session).await.is_ok(),
            None => false,
        };
        if signed_in {
            let posted = Posted::from_request(request, app).await?;
            return Ok(Self::new(posted.visitor.look.clone(), |name| posted.text(name).to_owned()));
        }
        let posted = GuestPosted::from_request(request, app).await?;
        Ok(Self::new(posted.guest.look.clone(), |name| posted.text(name).to_owned()))
    }
}

impl Chosen {
    fn new(look: Look, text: impl Fn(&str) -> String) -> Self {
        let keys = match text("shortcuts").as_str() {
            "on" => Some("on"),
            "off" => Some("off"),
            _ => None,
        };
        Self {
            look,
            lang: Lang::parse(&text("lang")),
            theme: Theme::parse(&text("theme")),
            keys,
            back: text("back"),
        }
    }
}

async fn preferences(chosen: Chosen) -> Response {
    let mut answer = Redirect::to(own_path(&chosen.back).unwrap_or("/")).into_response();
    let secure = chosen.look.secure;
    let all = [
        (LANG_COOKIE, chosen.lang.map(Lang::tag)),
        (THEME_COOKIE, chosen.theme.map(Theme::code)),
        (KEYS_COOKIE, chosen.keys),
    ];
    for (name, value) in all {
        if let Some(value) = value {
            set_cookie(&mut answer, name, value, Some(KEPT_S), secure);
        }
    }
    answer
}
