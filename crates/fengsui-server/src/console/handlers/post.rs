//! Forms: read within limits, checked against forgery, safe to press twice, answered in words.
//!
//! A form carries the session's token (`csrf`), the id of the page that showed it (`request_id`, with
//! the form's own id behind a dot) and, where two people could overwrite each other, the `revision`
//! seen. The same body sent twice is carried out once.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts as _, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use fengsui_domain::expr::Value;
use fengsui_domain::plan::{FactId, FactKind, Plan};
use fengsui_domain::refusal::Refusal;
use fengsui_service::Error;
use fengsui_service::store::{RequestKey, StoreError, digest};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::session::{FLASH_COOKIE, Guest, Visitor, device, set_cookie};
use super::shell::PageError;
use super::words::{field_problem, label, sentence_of};
use crate::app::App;
use crate::call::fingerprint;
use crate::console::lang::Lang;
use crate::console::view::form::{FieldError, FieldProblem, Form};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::Notice;

pub(crate) use super::words::sentence;

/// Bytes of a form without a file: every text of the largest form, each character written as `%XX%XX%XX`.
const MAX_FORM_BYTES: usize = 256 << 10;
/// Fields of a form.
const MAX_FIELDS: usize = 500;
/// Bytes of an uploaded file (`evidence::MAX_BYTES`).
pub(crate) const MAX_FILE_BYTES: usize = 64 << 20;
/// Seconds for which what just happened can be said.
const FLASH_S: i64 = 60;
/// Characters of a request key's own part.
const MAX_KEY_CHARS: usize = 160;
/// Fields that belong to the form's machinery and are not put back.
const OWN_FIELDS: [&str; 2] = ["csrf", "request_id"];

/// A form sent by somebody signed in.
#[derive(Clone, Debug)]
pub(crate) struct Posted {
    /// Who; `caller.key` and `caller.expected` are set from the form.
    pub(crate) visitor: Visitor,
    /// Values by field.
    pub(crate) fields: BTreeMap<String, Vec<String>>,
}

/// A form with a file sent by somebody signed in.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// Who and what else was sent.
    pub(crate) posted: Posted,
    /// Name and bytes of the file; `None` if none was chosen.
    pub(crate) file: Option<(String, Bytes)>,
}

/// A form sent by somebody not signed in.
#[derive(Clone, Debug)]
pub(crate) struct GuestPosted {
    /// Who.
    pub(crate) guest: Guest,
    /// Where the connection comes from.
    pub(crate) address: IpAddr,
    /// What the browser calls itself.
    pub(crate) device: String,
    /// Values by field.
    pub(crate) fields: BTreeMap<String, Vec<String>>,
}

type Fields = BTreeMap<String, Vec<String>>;

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let (fields, bytes) =
            read(&parts, body).await.map_err(axum::response::IntoResponse::into_response)?;
        let print = fingerprint(&[parts.uri.path().as_bytes(), &bytes]);
        Self::new(visitor, &parts.headers, fields, &print)
            .map_err(axum::response::IntoResponse::into_response)
    }
}

impl FromRequest<App> for GuestPosted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let guest = Guest::of(&parts, app);
        let (fields, _) = read(&parts, body).await.map_err(axum::response::IntoResponse::into_response)?;
        let token = first(&fields, "csrf");
        if guest.fresh || !same(token, &guest.csrf) || !same_site(&parts.headers) {
            return Err(PageError::Kind(ProblemKind::FormExpired).into_response());
        }
        let address =
            parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Self { guest, address, device: device(&parts.headers), fields })
    }
}

impl FromRequest<App> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let headers = parts.headers.clone();
        let path = parts.uri.path().to_owned();
        let expired = |_| PageError::Kind(ProblemKind::FormExpired).into_response();
        let multipart =
            Multipart::from_request(Request::from_parts(parts, body), app).await.map_err(expired)?;
        let (fields, file) =
            read_parts(multipart).await.map_err(axum::response::IntoResponse::into_response)?;
        let mut print: Vec<&[u8]> = vec![path.as_bytes()];
        print.extend(fields.iter().flat_map(|(name, values)| {
            std::iter::once(name.as_bytes()).chain(values.iter().map(String::as_bytes))
        }));
        print.extend(file.iter().map(|(_, bytes)| &bytes[..]));
        let print = fingerprint(&print);
        let posted = Posted::new(visitor, &headers, fields, &print)
            .map_err(axum::response::IntoResponse::into_response)?;
        Ok(Self { posted, file })
    }
}

impl Posted {
    fn new(
        mut visitor: Visitor,
        headers: &HeaderMap,
        fields: Fields,
        print: &str,
    ) -> Result<Self, PageError> {
        let token = first(&fields, "csrf");
        if !same(token, &visitor.signed_in.session.csrf) || !same_site(headers) {
            return Err(PageError::Kind(ProblemKind::FormExpired));
        }
        let id = first(&fields, "request_id");
        if !id.is_empty() {
            let own: String = id.chars().filter(char::is_ascii_graphic).take(MAX_KEY_CHARS).collect();
            // A changed form of the same page is another request; the same one twice is one.
            visitor.caller.key = Some(RequestKey {
                actor: visitor.caller.actor.by.identity(),
                key: format!("page:{own}:{}", &print[..16]),
                fingerprint: print.to_owned(),
            });
        }
        visitor.caller.expected = first(&fields, "revision").parse().ok();
        Ok(Self { visitor, fields })
    }

    /// The value of a field, without blanks at its ends; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        first(&self.fields, name).trim()
    }

    /// All values of a field that are not empty.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let values = self.fields.get(name).map(Vec::as_slice).unwrap_or_default();
        values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect()
    }

    /// A value that can be read as `T`; `None` when it is empty.
    pub(crate) fn parse<T: FromStr>(&self, name: &str) -> Result<Option<T>, FieldError> {
        match self.text(name) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.wrong(name, FieldProblem::NotAChoice)),
        }
    }

    /// A date and time typed in a zone; `None` when it is empty.
    pub(crate) fn at(&self, name: &str, zone: &TimeZone) -> Result<Option<Timestamp>, FieldError> {
        match self.text(name) {
            "" => Ok(None),
            text => instant(text, zone).map(Some).ok_or_else(|| self.wrong(name, FieldProblem::NotATime)),
        }
    }

    /// The same for a time that must be given.
    pub(crate) fn at_required(&self, name: &str, zone: &TimeZone) -> Result<Timestamp, FieldError> {
        self.at(name, zone)?.ok_or_else(|| self.wrong(name, FieldProblem::Required))
    }

    /// An error of a field.
    pub(crate) fn wrong(&self, name: &str, problem: FieldProblem) -> FieldError {
        FieldError {
            field: name.to_owned(),
            label: label(name, self.visitor.look.lang),
            text: problem.text(self.visitor.look.lang),
        }
    }

    /// The id of the form that was sent, as the page gave it.
    pub(crate) fn form_id(&self) -> String {
        let id = first(&self.fields, "request_id");
        id.split_once('.').map_or("form", |(_, form)| form).to_owned()
    }

    /// The form as it was typed, to be shown again.
    pub(crate) fn form(&self) -> Form {
        form_of(self.form_id(), &self.fields)
    }

    /// The same with what is wrong in it.
    pub(crate) fn failed(&self, errors: Vec<FieldError>) -> Form {
        Form { errors, ..self.form() }
    }

    /// Answers to the plan's questions: fields `fact.ID`, with their reasons from `reason.ID`.
    ///
    /// # Errors
    /// One error for each answer that is none of those the plan takes.
    pub(crate) fn facts(&self, plan: &Plan) -> Result<Vec<(FactId, Value, String)>, Vec<FieldError>> {
        let (mut answers, mut errors) = (Vec::new(), Vec::new());
        for (id, fact) in plan.questions() {
            let field = format!("fact.{id}");
            let text = self.text(&field);
            if text.is_empty() {
                continue;
            }
            match value(&fact.kind, text) {
                Ok(value) => answers.push((id.clone(), value, self.text(&format!("reason.{id}")).to_owned())),
                Err(problem) => errors.push(self.wrong(&field, problem)),
            }
        }
        if errors.is_empty() { Ok(answers) } else { Err(errors) }
    }
}

impl GuestPosted {
    /// The value of a field; empty when there is none. Passwords keep their blanks.
    pub(crate) fn text(&self, name: &str) -> &str {
        first(&self.fields, name)
    }

    /// The form as it was typed, to be shown again.
    pub(crate) fn form(&self, id: &str) -> Form {
        form_of(id.to_owned(), &self.fields)
    }
}

fn form_of(id: String, fields: &Fields) -> Form {
    let pairs =
        fields.iter().filter(|(name, _)| !OWN_FIELDS.contains(&name.as_str()) && !name.contains("password"));
    Form { values: pairs.map(|(name, values)| (name.clone(), values.clone())).collect(), ..Form::new(id) }
}

/// An answer to a question of this kind.
fn value(kind: &FactKind, text: &str) -> Result<Value, FieldProblem> {
    match kind {
        FactKind::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(FieldProblem::NotAChoice),
        },
        FactKind::Count => text.parse().map(Value::Count).map_err(|_| FieldProblem::NotANumber),
        FactKind::OneOf(choices) if choices.iter().any(|choice| choice.id == text) => {
            Ok(Value::Choice(text.to_owned()))
        }
        FactKind::OneOf(_) => Err(FieldProblem::NotAChoice),
    }
}

/// `2026-11-22T14:05`, with or without seconds and with a blank in place of the `T`, in a zone.
fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let local: DateTime = text.replace(' ', "T").parse().ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp())
}

fn first<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).and_then(|values| values.first()).map_or("", String::as_str)
}

/// Whether two tokens are the same, in a time that does not tell where they differ.
fn same(given: &str, expected: &str) -> bool {
    !expected.is_empty() && digest(given) == digest(expected)
}

/// Browsers say where a form came from; one from elsewhere is refused whatever it carries.
fn same_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}

async fn read(parts: &Parts, body: Body) -> Result<(Fields, Bytes), PageError> {
    let bytes = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| too_large(MAX_FORM_BYTES))?;
    let request = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let read = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let axum::Form(pairs) = read.map_err(|_| PageError::Kind(ProblemKind::FormExpired))?;
    Ok((collect(pairs)?, bytes))
}

fn collect(pairs: Vec<(String, String)>) -> Result<Fields, PageError> {
    if pairs.len() > MAX_FIELDS {
        return Err(Refusal::TooMany { field: "form", count: pairs.len(), max: MAX_FIELDS }.into());
    }
    let mut fields = Fields::new();
    for (name, value) in pairs {
        fields.entry(name).or_default().push(value);
    }
    Ok(fields)
}

fn too_large(max: usize) -> PageError {
    Error::TooLarge { what: "form", bytes: max as u64 + 1, max: max as u64 }.into()
}

async fn read_parts(mut multipart: Multipart) -> Result<(Fields, Option<(String, Bytes)>), PageError> {
    let (mut pairs, mut file, mut size) = (Vec::new(), None, 0);
    let broken = |_| too_large(MAX_FILE_BYTES);
    while let Some(part) = multipart.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let chosen = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(broken)?;
        size += bytes.len();
        if size > MAX_FILE_BYTES + MAX_FORM_BYTES || pairs.len() > MAX_FIELDS {
            return Err(too_large(MAX_FILE_BYTES));
        }
        match chosen {
            Some(chosen) if !chosen.is_empty() && !bytes.is_empty() => file = Some((chosen, bytes)),
            Some(_) => {}
            None => pairs.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok((collect(pairs)?, file))
}

/// The answer to a form that was accepted: on to a page that says so once.
pub(crate) fn done(visitor: &Visitor, location: &str, notice: Notice) -> Response {
    let mut answer = Redirect::to(location).into_response();
    set_cookie(&mut answer, FLASH_COOKIE, notice.code(), Some(FLASH_S), visitor.look.secure);
    answer
}

/// A form that was refused: the status of the answer, and what to say.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// 422, or 403, 409, 412 as fits.
    pub(crate) status: StatusCode,
    /// The field as the core calls it, and the sentence.
    pub(crate) error: FieldError,
    lang: Lang,
}

/// What to say of a refusal beside the form; whatever is no refusal becomes a page of its own.
///
/// `plan` turns ids of bodies, conditions and facts into names.
pub(crate) fn refused(error: Error, plan: Option<&Plan>, lang: Lang) -> Result<Refused, PageError> {
    let refusal = match error {
        Error::NotFound { .. }
        | Error::Unauthenticated { .. }
        | Error::PlanMissing { .. }
        | Error::File { .. }
        | Error::BadFile { .. }
        | Error::Backup { .. }
        | Error::NoFolder => {
            return Err(error.into());
        }
        Error::Store(StoreError::Conflict { .. } | StoreError::Taken { .. } | StoreError::Repeated) => {
            return Ok(Refused::whole(StatusCode::CONFLICT, lang.t("refusal-busy").into_owned(), lang));
        }
        Error::Store(_) => return Err(error.into()),
        Error::Refused(refusal) => refusal,
        other => return Ok(plain(&other, lang)),
    };
    let field = refusal.field().unwrap_or_default().to_owned();
    let text = sentence(&refusal, plan, lang);
    let status = crate::problem::Problem::from(refusal).status;
    Ok(Refused { status, error: FieldError { field, label: String::new(), text }, lang })
}

/// What is no refusal of the core, in words.
fn plain(error: &Error, lang: Lang) -> Refused {
    let status = match error {
        Error::Changed { .. } => StatusCode::PRECONDITION_FAILED,
        Error::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::SignIn => StatusCode::UNAUTHORIZED,
        Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    match error {
        Error::Invalid { field, problem } => Refused {
            status,
            lang,
            error: FieldError {
                field: (*field).to_owned(),
                label: String::new(),
                text: field_problem(field, problem, lang),
            },
        },
        other => Refused::whole(status, sentence_of(other, lang), lang),
    }
}

impl Refused {
    /// A refusal of the form as a whole.
    fn whole(status: StatusCode, text: String, lang: Lang) -> Self {
        Self { status, error: FieldError { field: String::new(), label: String::new(), text }, lang }
    }

    /// The form with what is wrong. `names` says what the core's fields are called on the form; a field
    /// the form does not have makes it an error of the form as a whole.
    pub(crate) fn put(self, mut form: Form, names: &[(&str, &str)]) -> Form {
        let mut error = self.error;
        let renamed = names.iter().find(|(core, _)| *core == error.field).map(|(_, own)| (*own).to_owned());
        match renamed {
            Some(own) => error.field = own,
            None if form.values.contains_key(&error.field) => {}
            None => error.field.clear(),
        }
        error.label = label(&error.field, self.lang);
        form.errors.push(error);
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_typed_in_the_zone_of_the_plan() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        for (text, expected) in [
            ("2026-11-22T14:05", Some("2026-11-22T06:05:00Z")),
            ("2026-11-22T14:05:09", Some("2026-11-22T06:05:09Z")),
            ("2026-11-22 14:05", Some("2026-11-22T06:05:00Z")),
            ("22.11.2026 14:05", None),
            ("2026-02-30T00:00", None),
        ] {
            assert_eq!(instant(text, &zone), expected.map(|at| at.parse().unwrap()), "{text:?}");
        }
    }

    #[test]
    fn only_answers_of_the_plan_are_taken() {
        let choice = fengsui_domain::plan::Choice {
            id: "strong".into(),
            title: fengsui_domain::plan::Text { zh: "强".into(), en: "strong".into() },
            clause: None,
        };
        for (kind, text, expected) in [
            (FactKind::Bool, "true", Some(Value::Bool(true))),
            (FactKind::Bool, "yes", None),
            (FactKind::Count, "12", Some(Value::Count(12))),
            (FactKind::Count, "-1", None),
            (FactKind::OneOf(vec![choice.clone()]), "strong", Some(Value::Choice("strong".into()))),
            (FactKind::OneOf(vec![choice]), "weak", None),
        ] {
            assert_eq!(value(&kind, text).ok(), expected, "{text:?}");
        }
    }

    #[test]
    fn passwords_and_tokens_are_never_put_back() {
        let fields = Fields::from(
            ["name", "password", "password_again", "csrf", "request_id"]
                .map(|name| (name.to_owned(), vec!["x".to_owned()])),
        );
        let form = form_of("a".to_owned(), &fields);
        assert_eq!(form.values.into_keys().collect::<Vec<_>>(), ["name"]);
    }

    #[test]
    fn a_form_from_elsewhere_is_refused() {
        for (site, own) in [
            (None, true),
            (Some("same-origin"), true),
            (Some("none"), true),
            (Some("same-site"), false),
            (Some("cross-site"), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            assert_eq!(same_site(&headers), own, "{site:?}");
        }
    }
}
