//! The emergency database: searched, added to, imported.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{CategoryId, Plan};
use fengsui_domain::resource::{self, ClassId, Resource, ResourceWords};
use fengsui_service::resources::{Import, MAX_IMPORT_BYTES};
use fengsui_service::store::ResourceFilter;
use jiff::Timestamp;

use super::post::{Posted, Upload, done, refused};
use super::session::{Visitor, encode};
use super::shell::{PageError, PageResult, page, page_with, plan_in_force, shell};
use super::{show, words};
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::form::{FieldError, FieldProblem, Form, Forms};
use crate::console::view::parts::{Choice, Gate, Pager};
use crate::console::view::problem::ProblemKind;
use crate::console::view::resource::{ResourceImport, ResourceList, ResourceRow, RowReject};
use crate::console::view::words::{Expertise, Notice, ResourceKind, Section, Standing};
use crate::page::{DEFAULT_LIMIT, cursor, write_cursor};

pub(crate) mod offered;
mod one;

/// Room for the other fields of an upload.
const UPLOAD_ROOM_BYTES: usize = 1 << 20;
/// What the core calls a field, and what the form calls it.
const NAMES: [(&str, &str); 4] =
    [("quantity", "count"), ("unit", "count_unit"), ("categories", "categories_other"), ("fields", "fields")];

pub(super) fn router() -> Router<App> {
    let import = post(import).layer(DefaultBodyLimit::max(MAX_IMPORT_BYTES + UPLOAD_ROOM_BYTES));
    Router::new()
        .route("/resources", get(list).post(add))
        .route("/resources/import", import)
        .route("/resources/offers", get(offered::show_offers))
        .route("/resources/{id}", get(one::show_resource))
        .route("/resources/{id}/amend", post(one::amend))
        .route("/resources/{id}/standing", post(one::stand))
        .route("/resources/{id}/retire", post(one::retire))
        .route("/resources/{id}/contact", post(one::reveal))
}

/// What the filter of the list sends.
#[derive(Clone, Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
    after: Option<String>,
}

impl Asked {
    /// The filter; what no choice offers filters nothing.
    fn filter(&self) -> ResourceFilter {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        ResourceFilter {
            kind: resource::ResourceKind::parse(&self.kind),
            category: said(&self.category),
            field: resource::Expertise::parse(&self.field),
            standing: resource::Standing::parse(&self.state),
            retired: Some(self.state == "retired"),
            text: said(&self.q),
        }
    }

    fn next(&self, cursor: &str) -> String {
        let Self { kind, field, category, state, q, .. } = self;
        let [kind, field, category, state, q] = [kind, field, category, state, q].map(|text| encode(text));
        format!("/resources?kind={kind}&field={field}&category={category}&state={state}&q={q}&after={cursor}")
    }
}

async fn list(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> PageResult {
    list_page(&app, &visitor, asked, StatusCode::OK, Forms::default()).await
}

async fn list_page(
    app: &App,
    visitor: &Visitor,
    asked: Asked,
    status: StatusCode,
    forms: Forms,
) -> PageResult {
    let after = cursor(asked.after.as_deref()).map_err(|_| ProblemKind::NotFound)?;
    let found = app.service.resource_list(&visitor.caller, asked.filter(), after, DEFAULT_LIMIT).await?;
    let (_, plan) = plan_in_force(app).await?;
    let (now, lang) = (app.service.now(), visitor.look.lang);
    let next = found.next.as_ref().map(|next| asked.next(&write_cursor(next)));
    let rows: Vec<ResourceRow> =
        found.items.iter().map(|resource| row(app, &resource.value, plan, now, lang)).collect();
    let Asked { kind, field, category, state, q, .. } = asked;
    let form = Form::new("filter").with("kind", kind).with("field", field).with("category", category);
    let may = visitor.caller.actor.may(Permission::ResourceManage);
    let view = ResourceList {
        shell: shell(app, visitor, "nav-resources", Some(Section::Resources)).await?,
        form: form.with("state", state).with("q", q),
        states: states(lang),
        categories: categories(plan, lang),
        pager: Pager { previous: None, next, shown: rows.len(), total: None },
        rows,
        manage: if may { Gate::Open } else { Gate::Hidden },
        forms,
        limit: format!("{} MB", MAX_IMPORT_BYTES / 1_000_000),
    };
    page_with(status, &view)
}

/// States of the filter beside "in the register".
fn states(lang: Lang) -> Vec<Choice> {
    let choice = |value: &str, key: &str| Choice {
        value: value.to_owned(),
        text: lang.t(key).into_owned(),
        hint: String::new(),
    };
    let standings = Standing::ALL.iter().map(|standing| choice(standing.code(), standing.key()));
    standings.chain([choice("retired", "resource-retired")]).collect()
}

/// Categories of the plan in force as resources name them.
fn categories(plan: &Plan, lang: Lang) -> Vec<Choice> {
    let own = |choice: Choice| Choice {
        value: ClassId::of(&plan.id, &CategoryId::new(choice.value)).to_string(),
        hint: String::new(),
        ..choice
    };
    show::category_choices(plan, lang).into_iter().map(own).collect()
}

/// A category's name in the plan at hand that has it; a class of none is shown as it is written.
fn category(app: &App, class: &ClassId, lang: Lang) -> String {
    let of = |plan: &Plan| {
        let known = plan.categories.iter().find(|(id, _)| ClassId::of(&plan.id, id) == *class);
        known.map(|(_, category)| show::text(&category.title, lang))
    };
    let known = app.service.plans().list().find_map(|pack| of(&pack.plan));
    known.unwrap_or_else(|| class.to_string())
}

/// A resource in a list.
fn row(app: &App, resource: &Resource, plan: &Plan, now: Timestamp, lang: Lang) -> ResourceRow {
    let known = &resource.particulars;
    let quantity = known.quantity.as_ref();
    ResourceRow {
        href: format!("/resources/{}", resource.id),
        kind: kind(known.kind),
        title: known.title.clone(),
        model: known.model.clone(),
        fields: known.fields.iter().map(|field| expertise(*field)).collect(),
        categories: known.categories.iter().map(|class| category(app, class, lang)).collect(),
        holder: known.holder.clone(),
        place: known.place.clone(),
        quantity: quantity
            .map_or_else(String::new, |much| format!("{} {}", much.count, much.unit).trim().to_owned()),
        standing: standing(resource.stood.standing),
        retired: resource.retired.is_some(),
        checked_at: show::moment(resource.stood.at, &show::zone(plan), now, lang),
    }
}

/// The kind as pages name it.
fn kind(kind: resource::ResourceKind) -> ResourceKind {
    match kind {
        resource::ResourceKind::Expert => ResourceKind::Expert,
        resource::ResourceKind::Team => ResourceKind::Team,
        resource::ResourceKind::Network => ResourceKind::Network,
        resource::ResourceKind::Computer => ResourceKind::Computer,
        resource::ResourceKind::NetworkDevice => ResourceKind::NetworkDevice,
        resource::ResourceKind::SecurityDevice => ResourceKind::SecurityDevice,
        resource::ResourceKind::Software => ResourceKind::Software,
        resource::ResourceKind::Material => ResourceKind::Material,
        resource::ResourceKind::Case => ResourceKind::Case,
        resource::ResourceKind::Solution => ResourceKind::Solution,
    }
}

/// The field of expertise as pages name it.
fn expertise(field: resource::Expertise) -> Expertise {
    match field {
        resource::Expertise::InformationSecurity => Expertise::InformationSecurity,
        resource::Expertise::Network => Expertise::Network,
        resource::Expertise::InformationSystem => Expertise::InformationSystem,
        resource::Expertise::Other => Expertise::Other,
    }
}

/// The standing as pages name it.
fn standing(standing: resource::Standing) -> Standing {
    match standing {
        resource::Standing::Available => Standing::Available,
        resource::Standing::InUse => Standing::InUse,
        resource::Standing::OutOfService => Standing::OutOfService,
    }
}

/// What was typed of a resource, or every field that is missing or wrong.
fn typed(posted: &Posted) -> Result<ResourceWords, Vec<FieldError>> {
    let mut errors = Vec::new();
    let kind = resource::ResourceKind::parse(posted.text("kind"));
    if kind.is_none() {
        errors.push(posted.wrong("kind", FieldProblem::ChooseOne));
    }
    for field in ["title", "holder"] {
        if posted.text(field).is_empty() {
            errors.push(posted.wrong(field, FieldProblem::Required));
        }
    }
    let count = match posted.text("count") {
        "" => None,
        text => text.parse().map_or_else(
            |_| {
                errors.push(posted.wrong("count", FieldProblem::NotANumber));
                None
            },
            Some,
        ),
    };
    let Some(kind) = kind.filter(|_| errors.is_empty()) else { return Err(errors) };
    let text = |field: &str| posted.text(field).to_owned();
    let parted = |field: &str| posted.text(field).split(is_between).filter(|word| !word.is_empty());
    let chosen = posted.all("categories").into_iter().chain(parted("categories_other"));
    let fields: BTreeSet<_> =
        posted.all("fields").into_iter().filter_map(resource::Expertise::parse).collect();
    Ok(ResourceWords {
        kind,
        title: text("title"),
        description: text("description"),
        place: text("place"),
        quantity: count.map(|count| resource::Quantity { count, unit: text("count_unit") }),
        model: text("model"),
        rank: text("rank"),
        fields,
        categories: chosen.map(str::to_owned).collect(),
        keywords: parted("keywords").map(str::to_owned).collect(),
        holder: text("holder"),
    })
}

/// What parts words in a field that holds several.
fn is_between(c: char) -> bool {
    c.is_whitespace() || ",;，；、".contains(c)
}

async fn add(State(app): State<App>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let standing = resource::Standing::parse(posted.text("standing"));
    let standing = standing.unwrap_or(resource::Standing::Available);
    let (status, form) = match typed(&posted) {
        Ok(words) => {
            let contact = posted.text("contact");
            match app.service.resource_add(&visitor.caller, words, contact, standing).await {
                Ok(resource) => {
                    let page = format!("/resources/{}", resource.value.id);
                    return Ok(done(visitor, &page, Notice::ResourceAdded));
                }
                Err(error) => {
                    let refused = refused(error, None, visitor.look.lang)?;
                    (refused.status, refused.put(posted.form(), &NAMES))
                }
            }
        }
        Err(errors) => {
            let form = posted.failed(errors);
            (StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    };
    list_page(&app, visitor, Asked::default(), status, Forms::default().with(form)).await
}

async fn import(State(app): State<App>, upload: Upload) -> PageResult {
    let Upload { posted, file } = upload;
    let visitor = &posted.visitor;
    let text = posted.text("text").as_bytes();
    let bytes = file.as_ref().map_or_else(|| text.to_vec(), |(_, bytes)| bytes.to_vec());
    let (status, form) = if bytes.is_empty() {
        let problem = FieldProblem::Required.text(visitor.look.lang);
        (StatusCode::UNPROCESSABLE_ENTITY, posted.form().fail("file", "", problem))
    } else {
        match app.service.resource_import(&visitor.caller, bytes).await {
            Ok(import) => return page(&imported(&app, visitor, import).await?),
            Err(error) => {
                let refused = refused(error, None, visitor.look.lang)?;
                (refused.status, refused.put(posted.form(), &[("file", "file")]))
            }
        }
    };
    list_page(&app, visitor, Asked::default(), status, Forms::default().with(form)).await
}

async fn imported(app: &App, visitor: &Visitor, import: Import) -> Result<ResourceImport, PageError> {
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let lang = visitor.look.lang;
    let rejects = import.rejects.iter().map(|reject| RowReject {
        line: reject.line,
        column: reject.field.clone().unwrap_or_default(),
        reason: words::row_reject(reject, lang),
    });
    Ok(ResourceImport {
        shell: shell(app, visitor, "title-import", Some(Section::Resources)).await?,
        new: count(import.new),
        updated: count(import.updated),
        unchanged: count(import.unchanged),
        rejected: count(import.rejected),
        rejects: rejects.collect(),
    })
}
