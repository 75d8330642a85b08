//! One resource: what is known, who checked it, what happened, and whoever is to be called.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use fengsui_domain::change::Change;
use fengsui_domain::id::ResourceId;
use fengsui_domain::permission::Permission;
use fengsui_domain::resource::{self, Command, Resource, ResourceChange};
use fengsui_service::Error;
use fengsui_service::resources::ContactWords;
use fengsui_service::store::{MAX_PAGE, TimelineRow, Versioned};

use super::{NAMES, categories, row, standing, typed};
use crate::app::App;
use crate::console::handlers::names::Names;
use crate::console::handlers::post::{Posted, done, refused};
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageError, PageResult, page_with, plan_in_force, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::form::{Form, Forms};
use crate::console::view::parts::{Act, Gate};
use crate::console::view::problem::ProblemKind;
use crate::console::view::resource::{Contact, ResourcePage};
use crate::console::view::words::{Notice, Section};

/// What stands in place of a contact that was not revealed; it says nothing of the length.
const MASK: &str = "＊＊＊";

pub(super) async fn show_resource(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    page_with(StatusCode::OK, &view(&app, &visitor, parse(&id)?, None).await?)
}

fn parse(id: &str) -> Result<ResourceId, PageError> {
    id.parse().map_err(|_| ProblemKind::NotFound.into())
}

async fn view(
    app: &App,
    visitor: &Visitor,
    id: ResourceId,
    revealed: Option<Contact>,
) -> Result<ResourcePage, PageError> {
    let Versioned { version, value: resource } = app.service.resource(&visitor.caller, id).await?;
    let (_, plan) = plan_in_force(app).await?;
    let (now, lang) = (app.service.now(), visitor.look.lang);
    let names = Names::read(app, lang).await?;
    let entries = app.service.resource_timeline(&visitor.caller, id, None, MAX_PAGE).await?.items;
    let zone = show::zone(plan);
    let act = |row: &TimelineRow| Act {
        at: show::moment(row.entry.at, &zone, now, lang),
        by: names.by(&row.entry.by),
        what: happened(&row.entry.change, lang),
        proof: Some(show::proof(row.index)),
    };
    let known = &resource.particulars;
    let actor = &visitor.caller.actor;
    let may_reveal = actor.may(Permission::PersonalRead) && known.contact.is_some();
    let may_manage = actor.may(Permission::ResourceManage) && resource.retired.is_none();
    Ok(ResourcePage {
        shell: shell(app, visitor, &known.title, Some(Section::Resources)).await?,
        id: id.to_string(),
        row: row(app, &resource, plan, now, lang),
        description: known.description.clone(),
        keywords: known.keywords.iter().cloned().collect(),
        rank: known.rank.clone(),
        note: resource.stood.note.clone(),
        checked_by: names.by(&resource.stood.by).name,
        retired: resource.retired.as_ref().map(|retired| retired.reason.clone()),
        contact: revealed.or_else(|| may_reveal.then(|| Contact { text: MASK.to_owned(), revealed: false })),
        history: entries.iter().map(act).collect(),
        categories: categories(plan, lang),
        manage: if may_manage { Gate::Open } else { Gate::Hidden },
        revision: version,
        forms: forms(&resource, &categories(plan, lang).into_iter().map(|own| own.value).collect::<Vec<_>>()),
    })
}

/// What happened, in a line.
fn happened(change: &Change, lang: Lang) -> String {
    let Change::Resource { change, .. } = change else { return String::new() };
    let with = |done: &str, about: &str| {
        let done = lang.t(done);
        if about.is_empty() { done.into_owned() } else { format!("{done}{}{about}", lang.t("colon")) }
    };
    match change {
        ResourceChange::Added { .. } => with("did-resource-added", ""),
        ResourceChange::Amended { .. } => with("did-resource-amended", ""),
        ResourceChange::Stood { standing: now, note } => {
            let found = lang.t(standing(*now).key());
            let found = if note.is_empty() { found.into_owned() } else { format!("{found} · {note}") };
            with("did-resource-stood", &found)
        }
        ResourceChange::Retired { reason } => with("did-resource-retired", reason),
        ResourceChange::PersonalRead { reason } => with("did-resource-contact", reason),
    }
}

/// The forms as they begin: what is known already stands in them. `own` are the categories with a box.
fn forms(resource: &Resource, own: &[String]) -> Forms {
    let known = &resource.particulars;
    let quantity = known.quantity.as_ref();
    let classes = known.categories.iter().map(ToString::to_string);
    let (boxed, other): (Vec<String>, Vec<String>) = classes.partition(|class| own.contains(class));
    let keywords: Vec<&str> = known.keywords.iter().map(String::as_str).collect();
    let mut amend = Form::new("amend")
        .with("kind", known.kind.as_str())
        .with("title", &known.title)
        .with("description", &known.description)
        .with("place", &known.place)
        .with("count", quantity.map_or_else(String::new, |much| much.count.to_string()))
        .with("count_unit", quantity.map_or_else(String::new, |much| much.unit.clone()))
        .with("model", &known.model)
        .with("rank", &known.rank)
        .with("holder", &known.holder)
        .with("categories_other", other.join(" "))
        .with("keywords", keywords.join("、"));
    let fields = known.fields.iter().map(|field| field.as_str().to_owned()).collect();
    amend.values.insert("fields".to_owned(), fields);
    amend.values.insert("categories".to_owned(), boxed);
    let stand = Form::new("standing").with("standing", resource.stood.standing.as_str());
    Forms::default().with(amend).with(stand)
}

/// The page with a form that was refused.
async fn again(
    app: &App,
    visitor: &Visitor,
    id: ResourceId,
    (status, form): (StatusCode, Form),
) -> PageResult {
    let mut view = view(app, visitor, id, None).await?;
    view.forms.0.insert(form.id.clone(), form);
    page_with(status, &view)
}

/// On to the resource's page, or the page again with what is wrong.
async fn answered(
    app: &App,
    posted: &Posted,
    id: ResourceId,
    answer: Result<Versioned<Resource>, Error>,
) -> PageResult {
    let visitor = &posted.visitor;
    match answer {
        Ok(_) => Ok(done(visitor, &format!("/resources/{id}"), Notice::ResourceSaved)),
        Err(error) => {
            let refused = refused(error, None, visitor.look.lang)?;
            let form = (refused.status, refused.put(posted.form(), &NAMES));
            again(app, visitor, id, form).await
        }
    }
}

pub(super) async fn amend(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = parse(&id)?;
    let words = match typed(&posted) {
        Ok(words) => words,
        Err(errors) => {
            let form = posted.failed(errors);
            return again(&app, &posted.visitor, id, (StatusCode::UNPROCESSABLE_ENTITY, form)).await;
        }
    };
    let contact = match (posted.text("contact"), posted.text("drop_contact")) {
        ("", "yes") => ContactWords::Drop,
        ("", _) => ContactWords::Keep,
        (contact, _) => ContactWords::Put(contact.to_owned()),
    };
    let answer = app.service.resource_rewrite(&posted.visitor.caller, id, words, contact).await;
    answered(&app, &posted, id, answer).await
}

pub(super) async fn stand(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = parse(&id)?;
    let standing = resource::Standing::parse(posted.text("standing")).ok_or(ProblemKind::FormExpired)?;
    let command = Command::Stand { standing, note: posted.text("note").to_owned() };
    let answer = app.service.resource_command(&posted.visitor.caller, id, command).await;
    answered(&app, &posted, id, answer).await
}

pub(super) async fn retire(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = parse(&id)?;
    let command = Command::Retire { reason: posted.text("reason").to_owned() };
    let answer = app.service.resource_command(&posted.visitor.caller, id, command).await;
    answered(&app, &posted, id, answer).await
}

pub(super) async fn reveal(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = parse(&id)?;
    let visitor = &posted.visitor;
    match app.service.resource_contact(&visitor.caller, id, posted.text("reason")).await {
        Ok(text) => {
            let shown = Contact { text, revealed: true };
            page_with(StatusCode::OK, &view(&app, visitor, id, Some(shown)).await?)
        }
        Err(error) => answered(&app, &posted, id, Err(error)).await,
    }
}
