//! A browser without scripts: it reads pages, finds a form on them, fills it in and sends it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use fengsui_domain::id::AccountId;
use fengsui_service::sessions::Credentials;
use tower::Service as _;

use crate::node::{Node, console};

/// Bytes of a page that a test reads at most.
const MAX_PAGE: usize = 1 << 22;
const PASSWORD: &str = "four words of no use";

/// Somebody signed in.
pub(crate) struct Browser<'n> {
    pub(crate) node: &'n Node,
    pub(crate) cookie: String,
    lang: &'static str,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Where it leads on.
    pub(crate) location: String,
    pub(crate) html: String,
}

/// A form as it stands on a page: where it goes, and its hidden fields.
struct Found {
    action: String,
    hidden: BTreeMap<String, String>,
}

impl<'n> Browser<'n> {
    /// Signs an account in, with a password set by a one-time link the first time.
    pub(crate) async fn sign_in(node: &'n Node, account: AccountId, lang: &'static str) -> Self {
        Self::sign_in_on(node, account, lang, "Firefox, Linux").await
    }

    /// The same on a device of this name.
    pub(crate) async fn sign_in_on(
        node: &'n Node,
        account: AccountId,
        lang: &'static str,
        device: &str,
    ) -> Self {
        let known = node.service.account(&console(), account).await.unwrap().value;
        if !known.has_password {
            let link = node.service.account_reset(&console(), account, false).await.unwrap();
            node.service.password_by_link(&link, account, PASSWORD.into()).await.unwrap();
        }
        let credentials = Credentials {
            name: known.name,
            password: PASSWORD.into(),
            code: String::new(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            device: device.into(),
        };
        let (cookie, _) = node.service.sign_in(credentials, None).await.unwrap();
        Self { node, cookie, lang }
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send("GET", path, String::new()).await
    }

    /// Opens a page, fills in the form with this id, and sends it.
    pub(crate) async fn submit(&self, path: &str, form: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        let found = form_on(&page.html, form).unwrap_or_else(|| panic!("no form `{form}` at {path}"));
        let hidden = found.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.send("POST", &found.action, encode(hidden.chain(fields.iter().copied()))).await
    }

    /// Sends a form that the page does not show, with the hidden fields of another one.
    pub(crate) async fn forge(&self, path: &str, of: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        let found = form_on(&page.html, of).unwrap_or_else(|| panic!("no form `{of}` at {path}"));
        let hidden = found.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.send("POST", action, encode(hidden.chain(fields.iter().copied()))).await
    }

    /// The same for a form that may carry a file.
    pub(crate) async fn upload(&self, path: &str, form: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        let found = form_on(&page.html, form).unwrap_or_else(|| panic!("no form `{form}` at {path}"));
        let hidden = found.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut body = String::new();
        for (name, value) in hidden.chain(fields.iter().copied()) {
            write!(body, "--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .unwrap();
        }
        body.push_str("--part--\r\n");
        self.send_as("POST", &found.action, "multipart/form-data; boundary=part", body).await
    }

    async fn send(&self, method: &str, path: &str, body: String) -> Page {
        self.send_as(method, path, "application/x-www-form-urlencoded", body).await
    }

    async fn send_as(&self, method: &str, path: &str, kind: &str, body: String) -> Page {
        let cookies = format!("fengsui_session={}; fengsui_lang={}", self.cookie, self.lang);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let answer = self.node.router().call(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let html = String::from_utf8(to_bytes(body, MAX_PAGE).await.unwrap().to_vec()).unwrap();
        assert!(!html.contains('⟦'), "{method} {path} has a word that nobody knows");
        let location = parts.headers.get(header::LOCATION).map_or("", |place| place.to_str().unwrap());
        Page { status: parts.status.as_u16(), location: location.to_owned(), html }
    }
}

impl Page {
    /// Whether the form with this id stands on it.
    pub(crate) fn has_form(&self, id: &str) -> bool {
        form_on(&self.html, id).is_some()
    }

    /// Ids of the forms on it that begin so, in their order.
    pub(crate) fn forms(&self, prefix: &str) -> Vec<String> {
        let ids = self.html.split("name=\"request_id\" value=\"").skip(1).filter_map(|rest| {
            let (_, id) = rest.split('"').next()?.split_once('.')?;
            Some(id.to_owned())
        });
        ids.filter(|id| id.starts_with(prefix)).collect()
    }

    /// Values of a field of a form: options, radios, boxes.
    pub(crate) fn choices(&self, form: &str, field: &str) -> Vec<String> {
        let forms = self.html.split("<form ").filter_map(|rest| rest.split_once("</form>"));
        let found = forms.map(|(html, _)| html).find(|html| html.contains(&format!(".{form}\"")));
        let form = found.unwrap_or_else(|| panic!("no form `{form}`"));
        let named = format!("name=\"{field}\"");
        let select =
            form.split("<select ").skip(1).find(|select| select.split('>').next().unwrap().contains(&named));
        match select {
            Some(select) => values(select.split("</select>").next().unwrap(), "<option value=\""),
            None => values(form, &format!("{named} value=\"")),
        }
    }
}

/// What stands in quotes after each such beginning; empty values are left out.
fn values(html: &str, begin: &str) -> Vec<String> {
    let values = html.split(begin).skip(1).filter_map(|rest| rest.split('"').next());
    values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

fn form_on(html: &str, id: &str) -> Option<Found> {
    let mut forms = html.split("<form ").skip(1).filter_map(|rest| rest.split_once("</form>"));
    let (form, _) = forms.find(|(form, _)| form.contains(&format!(".{id}\"")))?;
    let action = attribute(form, "action")?.to_owned();
    let fields = form.split("<input type=\"hidden\" ").skip(1).filter_map(|rest| rest.split('>').next());
    let pair =
        |field: &str| Some((attribute(field, "name")?.to_owned(), attribute(field, "value")?.to_owned()));
    Some(Found { action, hidden: fields.filter_map(pair).collect() })
}

fn attribute<'h>(tag: &'h str, name: &str) -> Option<&'h str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

fn encode<'f>(fields: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        text.push_str(if text.is_empty() { "" } else { "&" });
        for (place, part) in [name, value].into_iter().enumerate() {
            text.push_str(if place == 0 { "" } else { "=" });
            for byte in part.bytes() {
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                        text.push(char::from(byte));
                    }
                    _ => write!(text, "%{byte:02X}").unwrap(),
                }
            }
        }
    }
    text
}
